using System.Numerics;
using System.Runtime.InteropServices;

namespace Microsoft.ML.HLstm.Networks.Kernels;

/// <summary>
/// Native memory for float32 values, aligned to cache lines and taken from a pool: fresh pages cost more than the
/// arithmetic on them. Contents are undefined when rented. A buffer that nobody disposes goes back when it is finalised.
/// Pooled and rented memory together never exceed what was once rented at the same time, so that batches of many lengths
/// need no more memory than the longest.
/// </summary>
internal sealed unsafe class FloatBuffer : IDisposable
{
    private const nuint Alignment = 64;

    // A request is served by a buffer that is larger by so much at most.
    private const int LooseFit = 4;

    // Buffers smaller than this in values are not worth giving back.
    private const long Small = 16_384;

    private static readonly Lock _gate = new();
    private static readonly SortedList<long, Stack<nint>> _pool = [];
    private static long _rented;
    private static long _pooled;
    private static long _peak;
    private readonly long _size;
    private nint _memory;

    private FloatBuffer(long size, nint memory) => (_size, _memory) = (size, memory);

    /// <summary>Gives the memory back.</summary>
    ~FloatBuffer() => Release();

    /// <summary>The first value; the buffer must be kept alive as long as it is used.</summary>
    public float* Pointer => _memory == 0 ? throw new ObjectDisposedException(nameof(FloatBuffer)) : (float*)_memory;

    /// <summary>Bytes that are rented or pooled.</summary>
    public static long AllocatedBytes
    {
        get
        {
            lock (_gate)
                return (_rented + _pooled) * sizeof(float);
        }
    }

    /// <summary>A buffer for <paramref name="length"/> values.</summary>
    public static FloatBuffer Rent(long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        long size = RoundUp(Math.Max(64, length));
        lock (_gate)
        {
            nint memory = 0;
            for (int i = FirstFit(size); memory == 0 && i < _pool.Count && _pool.Keys[i] <= LooseFit * size; i++)
            {
                if (_pool.Values[i].TryPop(out memory))
                    _pooled -= size = _pool.Keys[i];
            }

            if (memory == 0)
            {
                FreeUntil(Math.Max(_peak, _rented + size) - _rented - size, Small);
                memory = (nint)NativeMemory.AlignedAlloc((nuint)size * sizeof(float), Alignment);
            }

            _rented += size;
            _peak = Math.Max(_peak, _rented);
            return new FloatBuffer(size, memory);
        }
    }

    /// <summary>A buffer that starts as a copy of <paramref name="length"/> values.</summary>
    public static FloatBuffer Copy(float* values, long length)
    {
        FloatBuffer buffer = Rent(length);
        Buffer.MemoryCopy(values, buffer.Pointer, length * sizeof(float), length * sizeof(float));
        return buffer;
    }

    /// <summary>Frees all memory that is not rented.</summary>
    public static void Trim()
    {
        lock (_gate)
        {
            FreeUntil(0, 0);
            _peak = _rented;
        }
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
        lock (_gate)
        {
            if (!_pool.TryGetValue(_size, out Stack<nint>? stack))
                _pool.Add(_size, stack = new());
            stack.Push(memory);
            _rented -= _size;
            _pooled += _size;
        }
    }

    /// <summary>Frees pooled buffers, smallest first because a larger one serves in their place, until so much is left.</summary>
    private static void FreeUntil(long left, long smallest)
    {
        for (int i = FirstFit(smallest); i < _pool.Count && _pooled > left; i++)
        {
            while (_pooled > left && _pool.Values[i].TryPop(out nint memory))
            {
                NativeMemory.AlignedFree((void*)memory);
                _pooled -= _pool.Keys[i];
            }
        }
    }

    /// <summary>The index of the first size that is not below <paramref name="size"/>.</summary>
    private static int FirstFit(long size)
    {
        (int low, int high) = (0, _pool.Count);
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = _pool.Keys[middle] < size ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    /// <summary>Four sizes between neighbouring powers of two, so that batches of different lengths share buffers.</summary>
    private static long RoundUp(long length)
    {
        long step = 1L << Math.Max(4, BitOperations.Log2((ulong)length) - 2);
        return (length + step - 1) / step * step;
    }
}
