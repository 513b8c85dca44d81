using Microsoft.ML.HLstm.Inference;
using Microsoft.ML.HLstm.Networks;
using Microsoft.ML.HLstm.Tasks.Translation;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Benchmarks.Scoring;

/// <summary>
/// The same architecture on the library's LSTM: <c>nn.LSTM</c> reads both ways, <c>nn.LSTMCell</c> writes. Its weights are random,
/// so it never ends a sentence by itself: it is to write as many tokens as another model did.
/// </summary>
internal sealed class LibraryTranslation : SteppedTranslation
{
    private const float Never = -1e4f;
    private readonly LSTM _encoder;
    private readonly LSTMCell _decoder;

    public LibraryTranslation(int sourceVocabulary, int targetVocabulary, int units, Generator random)
        : base(new TranslationNetwork(new TranslationShape(sourceVocabulary, targetVocabulary, units, units, 1, 1, true, true, true, GateNetworkOptions.None), 0, random))
    {
        _encoder = nn.LSTM(units, units, bidirectional: true);
        _decoder = nn.LSTMCell(2 * units, units);
        using IDisposable quiet = no_grad();
        Network.OutputBias[SpecialTokens.End] = tensor(Never);
    }

    public override void Dispose()
    {
        _encoder.Dispose();
        _decoder.Dispose();
        base.Dispose();
    }

    protected override (Tensor Memory, (Tensor State, Tensor Cell)[] Finals) Encode(Tensor sequence, SequenceMask mask)
    {
        (Tensor outputs, Tensor h, Tensor c) = _encoder.call(sequence);
        return (outputs, [(h.transpose(0, 1).reshape(1, -1), c.transpose(0, 1).reshape(1, -1))]);
    }

    protected override (Tensor State, Tensor Cell) StepLayer(int layer, Tensor input, Tensor state, Tensor cell) =>
        _decoder.call(input, (state, cell));
}
