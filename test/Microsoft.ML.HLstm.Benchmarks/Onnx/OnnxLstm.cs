using Microsoft.ML.OnnxRuntime;

namespace Microsoft.ML.HLstm.Benchmarks.Onnx;

/// <summary>
/// ONNX Runtime on one layer. All memory is made once and bound; the states that come out are those that go into the next
/// run, by two bindings that take turns.
/// </summary>
internal sealed class OnnxLstm : IDisposable
{
    private readonly SessionOptions _options = new();
    private readonly InferenceSession _session;
    private readonly RunOptions _run = new();
    private readonly List<OrtValue> _values = [];
    private readonly OrtIoBinding[] _bindings = new OrtIoBinding[2];
    private readonly float[][] _states;
    private int _turn;

    /// <summary>A session with <paramref name="threads"/> threads for <paramref name="input"/> (T, B, I).</summary>
    public OnnxLstm(OnnxLstmModel shape, byte[] model, float[] input, int threads)
    {
        _options.IntraOpNumThreads = threads;
        _options.InterOpNumThreads = 1;
        _options.ExecutionMode = ExecutionMode.ORT_SEQUENTIAL;
        // Threads that spin after a run would take the processor from whoever is timed next.
        _options.AddSessionConfigEntry("session.force_spinning_stop", "1");
        _session = new InferenceSession(model, _options);

        long[] state = [shape.Directions, shape.Batch, shape.StateSize];
        int size = shape.Directions * shape.Batch * shape.StateSize;
        Output = new float[shape.Length * size];
        _states = [new float[size], new float[size], new float[size], new float[size]];
        OrtValue x = Value(input, shape.Length, shape.Batch, shape.InputSize);
        OrtValue y = Value(Output, [shape.Length, .. state]);
        OrtValue[] states = [.. _states.Select(memory => Value(memory, state))];
        for (int i = 0; i < _bindings.Length; i++)
        {
            OrtIoBinding binding = _bindings[i] = _session.CreateIoBinding();
            binding.BindInput("X", x);
            binding.BindInput("initial_h", states[2 * i]);
            binding.BindInput("initial_c", states[(2 * i) + 1]);
            binding.BindOutput("Y", y);
            binding.BindOutput("Y_h", states[2 - (2 * i)]);
            binding.BindOutput("Y_c", states[3 - (2 * i)]);
        }
    }

    /// <summary>(T, D, B, H) of the last run.</summary>
    public float[] Output { get; }

    /// <summary>One run from the states of the last one.</summary>
    public void Run()
    {
        _session.RunWithBinding(_run, _bindings[_turn]);
        _turn = 1 - _turn;
    }

    /// <summary>Goes back to states of zero.</summary>
    public void Reset() => Array.ForEach(_states, Array.Clear);

    public void Dispose()
    {
        Array.ForEach(_bindings, binding => binding.Dispose());
        _values.ForEach(value => value.Dispose());
        _run.Dispose();
        _session.Dispose();
        _options.Dispose();
    }

    private OrtValue Value(float[] memory, params long[] shape)
    {
        OrtValue value = OrtValue.CreateTensorValueFromMemory(memory, shape);
        _values.Add(value);
        return value;
    }
}
