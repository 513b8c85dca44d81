using Microsoft.Testing.Platform.Builder;

namespace Microsoft.ML.HLstm.Tests.TestSupport;

/// <summary>Runs the tests, or one method of theirs that wants a process to itself.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        if (FreshProcess.IsAsked(args))
            return FreshProcess.Serve(args);

        ITestApplicationBuilder builder = await TestApplication.CreateBuilderAsync(args);
        builder.AddSelfRegisteredExtensions(args);
        using ITestApplication tests = await builder.BuildAsync();
        return await tests.RunAsync();
    }
}
