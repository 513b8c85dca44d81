using Microsoft.ML.Data;

namespace Microsoft.ML.HLstm.Tests.Tasks.ImageCaptioning;

/// <summary>A picture of three regions, each with a thing.</summary>
public sealed class GridRow
{
    [VectorType(1, 3, 5)]
    public float[] Features { get; set; } = [];

    public string Caption { get; set; } = "";
}
