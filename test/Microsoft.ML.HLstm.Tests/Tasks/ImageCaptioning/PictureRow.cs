using Microsoft.ML.Data;

namespace Microsoft.ML.HLstm.Tests.Tasks.ImageCaptioning;

/// <summary>A picture with one caption.</summary>
public sealed class PictureRow
{
    [VectorType(TinyPictures.FeatureSize)]
    public float[] Features { get; set; } = [];

    public string Caption { get; set; } = "";
}
