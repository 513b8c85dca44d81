using System.Collections.Concurrent;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Microsoft.ML.HLstm.Networks.Kernels;

/// <summary>
/// Native memory for float32 values, aligned to cache lines and taken from a pool: fresh pages cost more than the
/// arithmetic on them. Contents are undefined when rented. A buffer that nobody disposes goes back when it is finalised.
/// </summary>
internal sealed unsafe class FloatBuffer : IDisposable
{
    private const nuint Alignment = 64;
    private const long MaxPooledBytes = 1L << 30;
    private static readonly ConcurrentDictionary<long, ConcurrentBag<nint>> _pool = new();
    private static long _pooledBytes;
    private readonly long _class;
    private nint _memory;

    private FloatBuffer(long sizeClass, nint memory) => (_class, _memory) = (sizeClass, memory);

    /// <summary>Gives the memory back.</summary>
    ~FloatBuffer() => Release();

    /// <summary>The first value; the buffer must be kept alive as long as it is used.</summary>
    public float* Pointer => _memory == 0 ? throw new ObjectDisposedException(nameof(FloatBuffer)) : (float*)_memory;

    /// <summary>A buffer for <paramref name="length"/> values.</summary>
    public static FloatBuffer Rent(long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        long sizeClass = RoundUp(Math.Max(64, length));
        if (_pool.TryGetValue(sizeClass, out ConcurrentBag<nint>? bag) && bag.TryTake(out nint memory))
            Interlocked.Add(ref _pooledBytes, -sizeClass * sizeof(float));
        else
            memory = (nint)NativeMemory.AlignedAlloc((nuint)sizeClass * sizeof(float), Alignment);
        return new FloatBuffer(sizeClass, memory);
    }

    /// <summary>A buffer that starts as a copy of <paramref name="length"/> values.</summary>
    public static FloatBuffer Copy(float* values, long length)
    {
        FloatBuffer buffer = Rent(length);
        Buffer.MemoryCopy(values, buffer.Pointer, length * sizeof(float), length * sizeof(float));
        return buffer;
    }

    public void Dispose()
    {
        Release();
        GC.SuppressFinalize(this);
    }

    private void Release()
    {
        nint memory = Interlocked.Exchange(ref _memory, 0);
        if (memory == 0)
            return;
        long bytes = _class * sizeof(float);
        if (Interlocked.Add(ref _pooledBytes, bytes) <= MaxPooledBytes)
        {
            _pool.GetOrAdd(_class, static _ => []).Add(memory);
            return;
        }

        Interlocked.Add(ref _pooledBytes, -bytes);
        NativeMemory.AlignedFree((void*)memory);
    }

    /// <summary>Four sizes between neighbouring powers of two, so that batches of different lengths share buffers.</summary>
    private static long RoundUp(long length)
    {
        long step = 1L << Math.Max(4, BitOperations.Log2((ulong)length) - 2);
        return (length + step - 1) / step * step;
    }
}
