using Microsoft.ML.HLstm.Inference;

namespace Microsoft.ML.HLstm.Tasks.SpeechRecognition;

/// <summary>
/// A speech recogniser packed for scoring. Never changes: one is shared by the scorers of all threads, which keep only their
/// own working memory.
/// </summary>
internal sealed class PackedSpeech
{
    /// <summary>Checks and packs the weights.</summary>
    /// <exception cref="InvalidDataException">The shapes do not fit each other.</exception>
    public PackedSpeech(SpeechWeights weights)
    {
        weights.Validate();
        Weights = weights;
        Convolutions = [.. weights.Convolutions.Select(layer => new PackedConvolution(layer))];
        Forward = Pack(weights.Forward);
        Backward = Pack(weights.Backward);
        Normalizations = [.. weights.Normalizations.Select(normalization => new PackedNormalization(normalization))];
        Output = new PackedLayer(weights.Output);
    }

    /// <summary>The plain weights.</summary>
    public SpeechWeights Weights { get; }

    /// <summary>From the frames on.</summary>
    public PackedConvolution[] Convolutions { get; }

    /// <summary>Cells from the first frame to the last, one a layer.</summary>
    public HLstmCellScorer[] Forward { get; }

    /// <summary>Cells from the last frame to the first, one a layer; none when unidirectional.</summary>
    public HLstmCellScorer[] Backward { get; }

    /// <summary>Of what each recurrent layer puts out. Not folded into the next layer: at 8 bits its rows would be rounded again.</summary>
    public PackedNormalization[] Normalizations { get; }

    /// <summary>From the top layer to a score for each label.</summary>
    public PackedLayer Output { get; }

    private static HLstmCellScorer[] Pack(CellWeights[] cells) => [.. cells.Select(cell => new HLstmCellScorer(cell, sequences: true))];
}
