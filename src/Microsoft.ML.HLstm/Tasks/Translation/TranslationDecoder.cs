using Microsoft.ML.HLstm.Inference;

namespace Microsoft.ML.HLstm.Tasks.Translation;

/// <summary>Predicts the targets of the sentences that a <see cref="TranslationEncoder"/> has read.</summary>
internal sealed class TranslationDecoder(PackedTranslation network, TranslationEncoder encoder) : StepDecoder(network.Decoder)
{
    /// <inheritdoc/>
    public override int Sources => encoder.Sentences;

    /// <inheritdoc/>
    protected override void Start()
    {
        Remember(encoder.Memory, encoder.Starts);
        for (int source = 0; source < Sources; source++)
        {
            Span<float> rest = InitialState;
            for (int layer = 0; layer < network.Decoder.Cells.Length; layer++)
            {
                int size = network.Decoder.Cells[layer].StateSize;
                int from = network.Weights.BridgeSource(layer);
                network.BridgeHidden[layer].Apply(encoder.FinalHidden(from, source), rest[..size]);
                VectorFunctions.Tanh(rest[..size]);
                network.BridgeCell[layer].Apply(encoder.FinalCell(from, source), rest.Slice(size, size));
                rest = rest[(2 * size)..];
            }

            StartFrom(source, InitialState);
        }
    }
}
