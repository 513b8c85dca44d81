using Microsoft.ML.HLstm.Inference;
using Microsoft.ML.HLstm.ModelFile;
using Microsoft.ML.HLstm.Tests.Inference;

namespace Microsoft.ML.HLstm.Tests.ModelFile;

[TestClass]
public sealed class WeightFileTests
{
    [TestMethod]
    [DataRow(0.0)]
    [DataRow(0.01)]
    [DataRow(0.06)]
    [DataRow(0.3)]
    [DataRow(0.7)]
    [DataRow(1.0)]
    public void A_cell_comes_back_bit_for_bit(double density)
    {
        int[][][] shapes = [[], [[7]], [[3], [0], [9], [1]], [[4, 5], [6], [2, 3, 1], [8, 0]]];
        foreach (int[][] shape in shapes)
        {
            CellWeights cell = new RandomWeights(shape.Length).Cell("cell", 11, 6, shape, density, GateActivation.Tanh);
            foreach (WeightPrecision precision in Enum.GetValues<WeightPrecision>())
                AssertSame(cell, WeightFileReader.ReadCell(Write(s => WeightFileWriter.Write(s, cell, precision))), precision);
        }
    }

    [TestMethod]
    [DataRow(true, true, false)]
    [DataRow(true, true, true)]
    [DataRow(false, false, false)]
    public void A_translation_network_comes_back_bit_for_bit(bool bidirectional, bool inputFeeding, bool tied)
    {
        TranslationWeights weights = new RandomWeights(4).Translation(bidirectional, inputFeeding, tied);
        TranslationWeights back = WeightFileReader.ReadTranslation(Write(s => WeightFileWriter.Write(s, weights)));
        Assert.AreEqual(inputFeeding, back.InputFeeding);
        Assert.AreEqual(tied, back.TiedOutput);
        Assert.AreEqual(bidirectional, back.Bidirectional);
        Assert.AreEqual(weights.ParametersActive, back.ParametersActive);
        AssertSame(weights.Matrices, back.Matrices);
        foreach ((CellWeights cell, CellWeights other) in weights.Cells.Zip(back.Cells))
            AssertSame(cell, other);
        foreach ((DenseLayer layer, DenseLayer other) in Layers(weights).Zip(Layers(back)))
            CollectionAssert.AreEqual(layer.Bias, other.Bias);
    }

    [TestMethod]
    [DataRow(true, true)]
    [DataRow(true, false)]
    [DataRow(false, true)]
    public void A_speech_recogniser_comes_back_bit_for_bit(bool bidirectional, bool sum)
    {
        SpeechWeights weights = new RandomWeights(4).Speech(bidirectional, sum, strides: (3, 2));
        foreach (WeightPrecision precision in Enum.GetValues<WeightPrecision>())
        {
            SpeechWeights back = WeightFileReader.ReadSpeech(Write(s => WeightFileWriter.Write(s, weights, precision)));
            Assert.AreEqual((9, sum, bidirectional, precision), (back.FrameWidth, back.SumDirections, back.Bidirectional, back.Precision));
            AssertSame(weights.At(precision).Matrices, back.Matrices);
            foreach ((CellWeights cell, CellWeights other) in weights.Cells.Zip(back.Cells))
                AssertSame(cell, other, precision);
            foreach ((ConvolutionWeights layer, ConvolutionWeights other) in weights.Convolutions.Zip(back.Convolutions))
                Assert.AreEqual(
                    (layer.InputChannels, layer.KernelFrames, layer.KernelBins, layer.StrideFrames, layer.StrideBins),
                    (other.InputChannels, other.KernelFrames, other.KernelBins, other.StrideFrames, other.StrideBins));
            foreach ((Normalization normalization, Normalization other) in Normalizations(weights).Zip(Normalizations(back)))
                AssertSame(normalization, other);
            CollectionAssert.AreEqual(weights.Output.Bias, back.Output.Bias);
        }
    }

    [TestMethod]
    public void A_tied_projection_is_stored_once()
    {
        TranslationWeights tied = new RandomWeights(5).Translation(tied: true, targetVocabulary: 500);
        TranslationWeights copy = tied with
        {
            OutputProjection = tied.OutputProjection with { Weight = new WeightMatrix("copy", 500, 5, tied.TargetEmbedding.Values) },
        };
        long saved = Write(s => WeightFileWriter.Write(s, copy)).Length - Write(s => WeightFileWriter.Write(s, tied)).Length;
        Assert.IsGreaterThanOrEqualTo(500 * 5 * sizeof(float), saved);
    }

    [TestMethod]
    public void Half_precision_rounds_and_keeps_every_connection()
    {
        CellWeights cell = new RandomWeights(6).Cell("cell", 20, 8, [], 0.1);
        float[] values = cell.Input.Values;
        int active = Array.FindIndex(values, value => value != 0f);
        values[active] = -1e-30f;
        CellWeights back = WeightFileReader.ReadCell(Write(s => WeightFileWriter.Write(s, cell, WeightPrecision.Half)));
        Assert.AreEqual(cell.Input.ActiveConnections, back.Input.ActiveConnections);
        Assert.AreEqual(-(float)Half.Epsilon, back.Input.Values[active]);
        CollectionAssert.AreEqual(cell.Bias, back.Bias);
        for (int index = 0; index < values.Length; index++)
            Assert.AreEqual(values[index], back.Input.Values[index], Math.Abs(values[index]) / 2048 + 1e-7);
    }

    [TestMethod]
    [DataRow(float.NaN, WeightPrecision.Single)]
    [DataRow(float.PositiveInfinity, WeightPrecision.Single)]
    [DataRow(70000f, WeightPrecision.Half)]
    [DataRow(float.NaN, WeightPrecision.Int8)]
    public void A_value_that_cannot_be_stored_names_its_matrix(float value, WeightPrecision precision)
    {
        CellWeights cell = new RandomWeights(7).Cell("speech", 3, 2, []);
        cell.Recurrent.Values[5] = value;
        InvalidDataException error = Assert.ThrowsExactly<InvalidDataException>(() => WeightFileWriter.Write(Stream.Null, cell, precision));
        StringAssert.Contains(error.Message, "speech.recurrent");
    }

    [TestMethod]
    public void Six_percent_of_the_connections_cost_at_most_six_bits_each_for_their_places()
    {
        CellWeights cell = new RandomWeights(8).Cell("cell", 256, 256, [], 0.06);
        int active = cell.Input.ActiveConnections + cell.Recurrent.ActiveConnections;
        foreach (WeightPrecision precision in Enum.GetValues<WeightPrecision>())
        {
            // Biases, and the scales of both matrices at 8 bits.
            int vectors = precision == WeightPrecision.Int8 ? 3 : 1;
            long bytes = Write(s => WeightFileWriter.Write(s, cell, precision)).Length - vectors * cell.Bias.Length * sizeof(float);
            Assert.IsLessThan(active * (WeightFileFormat.SizeOf(precision) + 6.0 / 8) + 200, bytes);
        }
    }

    [TestMethod]
    public void Bytes_after_the_weights_are_left_in_the_stream()
    {
        var stream = new MemoryStream();
        CellWeights cell = new RandomWeights(9).Cell("cell", 3, 2, []);
        WeightFileWriter.Write(stream, cell);
        WeightFileWriter.Write(stream, cell);
        stream.Position = 0;
        AssertSame(cell, WeightFileReader.ReadCell(stream));
        AssertSame(cell, WeightFileReader.ReadCell(stream));
        Assert.AreEqual(stream.Length, stream.Position);
    }

    internal static MemoryStream Write(Action<Stream> write)
    {
        var stream = new MemoryStream();
        write(stream);
        stream.Position = 0;
        return stream;
    }

    private static IEnumerable<DenseLayer> Layers(TranslationWeights weights) =>
        [.. weights.BridgeHidden, .. weights.BridgeCell, weights.AttentionCombine, weights.OutputProjection];

    private static IEnumerable<Normalization> Normalizations(SpeechWeights weights) =>
        [.. weights.Convolutions.Select(layer => layer.Normalization), .. weights.Normalizations];

    private static void AssertSame(Normalization normalization, Normalization other)
    {
        Assert.AreEqual(normalization.Name, other.Name);
        CollectionAssert.AreEqual(normalization.Scale, other.Scale);
        CollectionAssert.AreEqual(normalization.Shift, other.Shift);
        CollectionAssert.AreEqual(normalization.Mean, other.Mean);
        CollectionAssert.AreEqual(normalization.Variance, other.Variance);
    }

    private static void AssertSame(CellWeights cell, CellWeights other, WeightPrecision precision = WeightPrecision.Single)
    {
        Assert.AreEqual((cell.InputSize, cell.StateSize, cell.Activation), (other.InputSize, other.StateSize, other.Activation));
        CollectionAssert.AreEqual(cell.TrunkWidths, other.TrunkWidths);
        CollectionAssert.AreEqual(cell.Bias, other.Bias);
        CollectionAssert.AreEqual(
            cell.Hidden.SelectMany(t => t).Concat(cell.Output).SelectMany(l => l.Bias).ToArray(),
            other.Hidden.SelectMany(t => t).Concat(other.Output).SelectMany(l => l.Bias).ToArray());
        AssertSame(cell.Matrices.Select(matrix => matrix.At(precision)), other.Matrices);
    }

    private static void AssertSame(IEnumerable<WeightMatrix> matrices, IEnumerable<WeightMatrix> others)
    {
        Assert.AreEqual(matrices.Count(), others.Count());
        foreach ((WeightMatrix matrix, WeightMatrix other) in matrices.Zip(others))
        {
            Assert.AreEqual((matrix.Name, matrix.Rows, matrix.Columns), (other.Name, other.Rows, other.Columns));
            Assert.AreEqual(matrix.Precision, other.Precision);
            CollectionAssert.AreEqual(matrix.Values, other.Values);
            CollectionAssert.AreEqual(matrix.RowScales.ToArray(), other.RowScales.ToArray());
        }
    }
}
