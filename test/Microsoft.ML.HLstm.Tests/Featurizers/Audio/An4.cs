using System.Runtime.InteropServices;

namespace Microsoft.ML.HLstm.Tests.Featurizers.Audio;

/// <summary>Six utterances of the AN4 database: NIST SPHERE, 16 kHz, 16 bits, lowest byte first, behind 1,024 bytes of header.</summary>
internal static class An4
{
    private const int HeaderLength = 1024;

    public const int SampleRate = 16_000;

    /// <summary>Where the files lie.</summary>
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "Data", "An4");

    /// <summary>The names of the files, shortest first.</summary>
    public static string[] Names { get; } =
        ["an253-fash-b.sph", "an5-mblw-b.sph", "cen4-mkem-b.sph", "cen6-fmjd-b.sph", "an241-mdcs-b.sph", "cen5-mtcv-b.sph"];

    /// <summary>The bytes of a file.</summary>
    public static byte[] Bytes(string name) => File.ReadAllBytes(Path.Combine(Folder, name));

    /// <summary>The samples as they stand in a file, without any of the library's code.</summary>
    public static short[] Integers(string name) => MemoryMarshal.Cast<byte, short>(Bytes(name).AsSpan(HeaderLength)).ToArray();

    /// <summary>The same in [-1, 1].</summary>
    public static float[] Samples(string name) => Array.ConvertAll(Integers(name), value => value / 32768f);
}
