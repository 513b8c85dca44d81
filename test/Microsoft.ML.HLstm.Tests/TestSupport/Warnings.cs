using Microsoft.ML.Runtime;

namespace Microsoft.ML.HLstm.Tests.TestSupport;

/// <summary>The warnings in ML.NET's log.</summary>
internal static class Warnings
{
    /// <summary>The list that every warning goes to from now on.</summary>
    public static List<string> Of(MLContext mlContext)
    {
        var warnings = new List<string>();
        mlContext.Log += (_, e) =>
        {
            lock (warnings)
            {
                if (e.Kind == ChannelMessageKind.Warning)
                    warnings.Add(e.RawMessage);
            }
        };
        return warnings;
    }
}
