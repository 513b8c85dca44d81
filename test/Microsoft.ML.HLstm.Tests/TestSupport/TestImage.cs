using Microsoft.ML.Data;

namespace Microsoft.ML.HLstm.Tests.TestSupport;

/// <summary>Makes pictures of one colour.</summary>
internal static class TestImage
{
    /// <summary>Writes a picture; the format is that of the file's extension.</summary>
    public static string Write(string path, byte red, byte green, byte blue, int size = 16)
    {
        byte[] pixels = new byte[size * size * 4];
        for (int i = 0; i < pixels.Length; i += 4)
            (pixels[i], pixels[i + 1], pixels[i + 2], pixels[i + 3]) = (red, green, blue, 255);
        using MLImage image = MLImage.CreateFromPixels(size, size, MLPixelFormat.Rgba32, pixels);
        image.Save(path);
        return path;
    }
}
