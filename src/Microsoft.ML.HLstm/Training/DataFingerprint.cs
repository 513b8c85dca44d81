using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Microsoft.ML.HLstm.Training;

/// <summary>Tells data sets apart: a hash of everything that a task has read, in order, with its lengths.</summary>
internal sealed class DataFingerprint : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>Adds a number: a row, a count, a width.</summary>
    public void Add(long value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        _hash.AppendData(bytes);
    }

    /// <summary>Adds a text.</summary>
    public void Add(string text) => Add(text.AsSpan());

    /// <summary>Adds values: characters, samples, features.</summary>
    public void Add<T>(ReadOnlySpan<T> values) where T : unmanaged
    {
        Add(values.Length);
        _hash.AppendData(MemoryMarshal.AsBytes(values));
    }

    /// <summary>The fingerprint of what is written to streams: of a model, its parts.</summary>
    public static ulong Of(params ReadOnlySpan<Action<Stream>> parts)
    {
        using var file = new MemoryStream();
        foreach (Action<Stream> part in parts)
            part(file);
        using var fingerprint = new DataFingerprint();
        fingerprint.Add<byte>(file.GetBuffer().AsSpan(0, (int)file.Length));
        return fingerprint.Value;
    }

    /// <summary>The fingerprint of what is in a file.</summary>
    public static ulong OfFile(string path)
    {
        using FileStream file = File.OpenRead(path);
        return BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(file));
    }

    /// <summary>The fingerprint of training data and, where they come apart, validation data.</summary>
    public static ulong Of(Action<DataFingerprint> train, Action<DataFingerprint>? validation)
    {
        using var fingerprint = new DataFingerprint();
        train(fingerprint);
        validation?.Invoke(fingerprint);
        return fingerprint.Value;
    }

    /// <summary>The fingerprint of what was added so far.</summary>
    public ulong Value => BinaryPrimitives.ReadUInt64LittleEndian(_hash.GetCurrentHash());

    public void Dispose() => _hash.Dispose();
}
