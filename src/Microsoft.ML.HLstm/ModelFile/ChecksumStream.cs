namespace Microsoft.ML.HLstm.ModelFile;

/// <summary>Passes bytes on, in one direction, and keeps their CRC-32C: a checkpoint is too large to be put together in memory.</summary>
internal sealed class ChecksumStream(Stream stream) : Stream
{
    private uint _crc = uint.MaxValue;

    /// <summary>The checksum of all bytes that have passed.</summary>
    public uint Checksum => ~_crc;

    public override bool CanRead => stream.CanRead;

    public override bool CanSeek => false;

    public override bool CanWrite => stream.CanWrite;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override void Flush() => stream.Flush();

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        int read = stream.Read(buffer);
        _crc = WeightFileFormat.Checksum(_crc, buffer[..read]);
        return read;
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        stream.Write(buffer);
        _crc = WeightFileFormat.Checksum(_crc, buffer);
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
