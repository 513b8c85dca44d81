using Microsoft.ML.Data;

namespace Microsoft.ML.HLstm.Tests.Tasks.ImageCaptioning;

/// <summary>A picture with several captions.</summary>
public sealed class PicturesRow
{
    [VectorType(TinyPictures.FeatureSize)]
    public float[] Features { get; set; } = [];

    public string[] Caption { get; set; } = [];
}
