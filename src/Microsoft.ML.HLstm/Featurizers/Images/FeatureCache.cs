using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Microsoft.ML.HLstm.Featurizers.Images;

/// <summary>
/// Features on disk, one file a picture: <c>HLFC</c>, format, number of features, features (little-endian Single), SHA-256 of all
/// before. Any number of processes may share a folder: a file is only ever there whole.
/// </summary>
internal sealed class FeatureCache
{
    private const int Format = 1;
    private const int HeaderSize = 12;

    private readonly string _folder;
    private readonly int _count;

    /// <summary>The cache of one network in a folder, which need not exist.</summary>
    /// <param name="folder">The folder of the caches of all networks.</param>
    /// <param name="fingerprint">What tells the network from others.</param>
    /// <param name="count">The number of features of a picture.</param>
    public FeatureCache(string folder, string fingerprint, int count) => (_folder, _count) = (Path.Combine(folder, fingerprint), count);

    /// <summary>The name of a picture in the cache: a hash of its file's content, wherever the file lies.</summary>
    public static string KeyOf(ReadOnlySpan<byte> file) => Convert.ToHexStringLower(SHA256.HashData(file))[..40];

    /// <summary>The file of a picture.</summary>
    public string PathOf(string key) => Path.Combine(_folder, key[..2], key[2..] + ".features");

    /// <summary>Reads the features of a picture; false where there are none.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public bool TryRead(string key, Span<float> features)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(PathOf(key));
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }

        int size = HeaderSize + (sizeof(float) * _count);
        if (bytes.Length != size + SHA256.HashSizeInBytes || !SHA256.HashData(bytes.AsSpan(0, size)).AsSpan().SequenceEqual(bytes.AsSpan(size)) || !bytes.AsSpan(0, HeaderSize).SequenceEqual(Header()))
            throw new InvalidDataException($"The file of cached features {PathOf(key)} is damaged.");
        MemoryMarshal.Cast<byte, float>(bytes.AsSpan(HeaderSize, size - HeaderSize)).CopyTo(features);
        return true;
    }

    /// <summary>Keeps the features of a picture.</summary>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public void Write(string key, ReadOnlySpan<float> features)
    {
        string path = PathOf(key);
        _ = Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        byte[] content = [.. Header(), .. MemoryMarshal.AsBytes(features)];
        string temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            File.WriteAllBytes(temporary, [.. content, .. SHA256.HashData(content)]);
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private byte[] Header() => [.. "HLFC"u8, .. BitConverter.GetBytes(Format), .. BitConverter.GetBytes(_count)];
}
