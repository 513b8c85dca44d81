using Microsoft.ML.HLstm.Inference;

namespace Microsoft.ML.HLstm.Tests.Inference;

[TestClass]
public sealed class WeightValidationTests
{
    private static readonly RandomWeights _random = new(1);

    private static readonly (string Named, Func<CellWeights, CellWeights> Spoil)[] _badCells =
    [
        ("cell.input", cell => cell with { InputSize = 4 }),
        ("cell.input", cell => cell with { StateSize = 0 }),
        ("cell.recurrent", cell => cell with { Recurrent = _random.Matrix("cell.recurrent", 14, 3) }),
        ("cell.input", cell => cell with { Bias = new float[13] }),
        ("trunk", cell => cell with { TrunkWidths = [7, 7] }),
        ("trunk", cell => cell with { TrunkWidths = [-1, 6, 5, 4] }),
        ("trunk", cell => cell with { TrunkWidths = [int.MaxValue, 6, 5, 4] }),
        ("hidden", cell => cell with { Hidden = [] }),
        ("bad", cell => cell with { Hidden = [[_random.Layer("bad", 2, 9)], [], [], []] }),
        ("gate outputs", cell => cell with { Output = cell.Output[..3] }),
        ("bad", cell => cell with { Output = [.. cell.Output[..3], _random.Layer("bad", 2, 9)] }),
        ("cell.output.1", cell => cell with { Output = [cell.Output[0], cell.Output[1] with { Bias = [1] }, .. cell.Output[2..]] }),
        ("activation", cell => cell with { Activation = (GateActivation)9 }),
    ];

    private static readonly (string Named, Func<TranslationWeights, TranslationWeights> Spoil)[] _badNetworks =
    [
        ("encoder", w => w with { EncoderForward = [] }),
        ("backward", w => w with { EncoderBackward = w.EncoderBackward[..1] }),
        ("forward.0.input", w => w with { SourceEmbedding = _random.Matrix("source", 9, 6) }),
        ("decoder.0.input", w => w with { InputFeeding = false }),
        ("bridges", w => w with { BridgeCell = w.BridgeCell[..1] }),
        ("bad", w => w with { BridgeHidden = [_random.Layer("bad", 5, 7), w.BridgeHidden[1]] }),
        ("bad", w => w with { AttentionScore = _random.Matrix("bad", 5, 9) }),
        ("combine", w => w with { AttentionCombine = w.AttentionCombine with { Bias = [] } }),
        ("bad", w => w with { OutputProjection = _random.Layer("bad", 7, 6) }),
        ("bad", w => w with { SourceEmbedding = _random.Matrix("bad", 3, 5) }),
    ];

    private static readonly (string Named, Func<SpeechWeights, SpeechWeights> Spoil)[] _badRecognisers =
    [
        ("frames", w => w with { FrameWidth = 0 }),
        ("forward.0.input", w => w with { FrameWidth = 11 }),
        ("0 convolutions", w => w with { Convolutions = [] }),
        ("0 recurrent", w => w with { Forward = [] }),
        ("backward", w => w with { Backward = w.Backward[..1] }),
        ("normalizations", w => w with { Normalizations = w.Normalizations[..1] }),
        ("convolution.0", w => w with { Convolutions = [w.Convolutions[0] with { KernelFrames = 4 }, w.Convolutions[1]] }),
        ("convolution.0", w => w with { Convolutions = [w.Convolutions[0] with { KernelBins = 103 }, w.Convolutions[1]] }),
        ("convolution.0", w => w with { Convolutions = [w.Convolutions[0] with { StrideFrames = 0 }, w.Convolutions[1]] }),
        ("convolution.0", w => w with { Convolutions = [w.Convolutions[0] with { StrideBins = 17 }, w.Convolutions[1]] }),
        ("convolution.0", w => w with { Convolutions = [w.Convolutions[0] with { InputChannels = 2 }, w.Convolutions[1]] }),
        ("convolution.1", w => w with { Convolutions = [w.Convolutions[0], w.Convolutions[1] with { KernelBins = 7 }] }),
        ("bad", w => w with { Convolutions = [w.Convolutions[0] with { Normalization = _random.Normalization("bad", 4) }, w.Convolutions[1]] }),
        ("bad", w => w with { Normalizations = [w.Normalizations[0], _random.Normalization("bad", 5)] }),
        ("variance -0.5", w => w with { Normalizations = [w.Normalizations[0], w.Normalizations[1] with { Variance = [1, 1, -0.5f, 1] }] }),
        ("NaN", w => w with { Normalizations = [w.Normalizations[0], w.Normalizations[1] with { Mean = [1, float.NaN, 1, 1] }] }),
        ("backward.1.input", w => w with { Backward = [w.Backward[0], _random.Cell("backward.1", 4, 5, [])] }),
        ("forward.1.input", w => w with { SumDirections = false }),
        ("bad", w => w with { Output = _random.Layer("bad", 6, 5) }),
        ("labels", w => w with { Output = _random.Layer("bad", 1, 4) }),
    ];

    [TestMethod]
    public void A_recogniser_that_does_not_fit_is_refused_by_name()
    {
        SpeechWeights weights = _random.Speech();
        weights.Validate();
        foreach ((string named, Func<SpeechWeights, SpeechWeights> spoil) in _badRecognisers)
            StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => spoil(weights).Validate(), named).Message, named);
    }

    [TestMethod]
    public void Counts_of_a_recogniser_are_those_of_the_formulas()
    {
        SpeechWeights weights = _random.Speech(density: 1, sum: false);
        // Trunks of 3, 4, 2 and 5 units; 5 x 4 features, states of 4 and 5, 6 labels.
        int cells = 14 * (20 + 4 + 4) + 14 * (20 + 5 + 5) + 14 * (9 + 4 + 4) + 14 * (9 + 5 + 5);
        Assert.AreEqual(cells, weights.RecurrentParametersActive);
        Assert.AreEqual(cells + 3 * 15 + 4 * 3 * 15 + 6 * 9, weights.ParametersActive);
        Assert.AreEqual(2 * (cells + 6 * 9), weights.FlopsPerStep);
        weights.Forward[0].Input.Values[0] = 0;
        weights.Convolutions[0].Kernel.Values[0] = 0;
        Assert.AreEqual(cells - 1, weights.RecurrentParametersActive);
        Assert.AreEqual(cells, weights.RecurrentParametersDense);
        Assert.AreEqual(weights.ParametersDense - 2, weights.ParametersActive);
    }

    [TestMethod]
    public void A_cell_that_does_not_fit_is_refused_by_name()
    {
        CellWeights cell = _random.Cell("cell", 3, 2, [[2], [3], [4], [5]]);
        cell.Validate();
        foreach ((string named, Func<CellWeights, CellWeights> spoil) in _badCells)
            StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(spoil(cell).Validate, named).Message, named);
    }

    [TestMethod]
    public void A_network_that_does_not_fit_is_refused_by_name()
    {
        TranslationWeights weights = _random.Translation();
        weights.Validate();
        foreach ((string named, Func<TranslationWeights, TranslationWeights> spoil) in _badNetworks)
            StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => spoil(weights).Validate(), named).Message, named);
    }

    [TestMethod]
    public void A_matrix_counts_its_connections_and_refuses_another_number_of_values()
    {
        var matrix = new WeightMatrix("m", 2, 3, [0, 1, -0f, 2, float.Epsilon, 0]);
        Assert.AreEqual(3, matrix.ActiveConnections);
        Assert.AreEqual(0.5, matrix.Density);
        CollectionAssert.AreEqual(new[] { 2, float.Epsilon, 0 }, matrix.Row(1).ToArray());
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => new WeightMatrix("named", 2, 3, new float[5])).Message, "'named'");
    }

    [TestMethod]
    public void Counts_are_those_of_the_formulas()
    {
        TranslationWeights weights = _random.Translation(density: 1, tied: true);
        // Trunks of 3, 4, 2 and 5 units, E = A = 5, encoder state 4, decoder state 5.
        int encoder = 2 * (14 * (5 + 4) + 14 * 4 + 14 * (8 + 4) + 14 * 4);
        int decoder = 14 * (10 + 5) + 14 * 5 + 14 * (5 + 5) + 14 * 5;
        int attention = 5 * 8 + 5 * 13;
        Assert.AreEqual(encoder + decoder, weights.RecurrentParametersActive);
        Assert.AreEqual(encoder + decoder, weights.RecurrentParametersDense);
        Assert.AreEqual(encoder + decoder + attention + 9 * 5 + 8 * 5 + 4 * 5 * 8, weights.ParametersActive);
        Assert.AreEqual(2 * (decoder + attention + 8 * 5), weights.FlopsPerDecodingStep);
        weights.Decoder[0].Input.Values[0] = 0;
        Assert.AreEqual(encoder + decoder - 1, weights.RecurrentParametersActive);
        Assert.AreEqual(encoder + decoder, weights.RecurrentParametersDense);
    }
}
