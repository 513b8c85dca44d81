using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Networks;

/// <summary>Global attention with the "general" score (M.-T. Luong, H. Pham, C. D. Manning, arXiv 1508.04025).</summary>
internal sealed class LuongAttention : nn.Module
{
    private readonly Weight _score;
    private readonly Weight _combine;
    private readonly Parameter _bias;
    private readonly int _memorySize;

    /// <summary>Attention of a state of width H over a memory of width C, with a result of width A.</summary>
    public LuongAttention(string name, int stateSize, int memorySize, int outputSize, Initializer random) : base(name)
    {
        _memorySize = memorySize;
        _score = random.Uniform(Initializer.XavierBound(memorySize, stateSize), stateSize, memorySize);
        _combine = random.Uniform(Initializer.XavierBound(memorySize + stateSize, outputSize), outputSize, memorySize + stateSize);
        _bias = random.Zeros(outputSize);
        register_parameter("score", _score);
        register_parameter("combine", _combine);
        register_parameter("bias", _bias);
    }

    /// <summary>The score's matrix (H, C).</summary>
    public Weight Score => _score;

    /// <summary>The matrix (A, C + H) over context and state.</summary>
    public Weight Combine => _combine;

    /// <summary>The bias (A) of the result.</summary>
    public Parameter Bias => _bias;

    /// <summary>What the steps share: keys (B, S, H) and the memory's part of the result as values (B, S, A).</summary>
    public (Tensor Keys, Tensor Values) Prepare(Tensor memory)
    {
        Tensor byRow = memory.transpose(0, 1).contiguous();
        return (Products.Linear(byRow, _score), Products.Linear(byRow, _combine, columns: _memorySize));
    }

    /// <summary>
    /// The attentional vector (B, A) of a state (B, H): tanh of the combination of context and state. The combination is
    /// linear, so the context's part is the weighted mean of the memory's parts.
    /// </summary>
    public Tensor Attend(Tensor state, Tensor keys, Tensor values, Tensor bias)
    {
        Tensor weights = bmm(state.unsqueeze(1), keys.transpose(1, 2)).squeeze(1).Plus(bias).softmax(1);
        Tensor context = bmm(weights.unsqueeze(1), values).squeeze(1);
        Tensor own = addmm(_bias, state, _combine.narrow(1, _memorySize, _combine.shape[1] - _memorySize).t(), 1, 1);
        return context.Plus(own).tanh();
    }
}
