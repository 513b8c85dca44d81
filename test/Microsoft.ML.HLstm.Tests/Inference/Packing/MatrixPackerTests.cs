using Microsoft.ML.HLstm.Inference;
using Microsoft.ML.HLstm.Inference.Packing;

namespace Microsoft.ML.HLstm.Tests.Inference.Packing;

[TestClass]
public sealed class MatrixPackerTests
{
    private static readonly InstructionSet[] _sets = [.. Enum.GetValues<InstructionSet>().Where(InstructionSets.Supports)];

    [TestMethod]
    [DataRow(nameof(PackedPrecision.Float32), 500)]
    [DataRow(nameof(PackedPrecision.Int16), 250)]
    [DataRow(nameof(PackedPrecision.Int8), 250)]
    public void Every_layout_and_instruction_set_gives_the_product_in_double_precision(string precisionName, int shapes)
    {
        PackedPrecision precision = Enum.Parse<PackedPrecision>(precisionName);
        var random = new Random((int)precision);
        for (int shape = 0; shape < shapes; shape++)
        {
            WeightMatrix matrix = RandomMasks.Any(random);
            foreach (InstructionSet set in _sets)
            {
                foreach (MatrixLayout layout in Layouts(set))
                {
                    PackedMatrix packed = MatrixPacker.Pack(matrix, precision, set, layout);
                    double step = Step(precision, layout);
                    string name = $"shape {shape}, {matrix.Rows} x {matrix.Columns}, density {matrix.Density}, {set}, {layout}";
                    AssertProduct(matrix, packed, 1, step, name);
                    AssertProduct(matrix, packed, 8 * (1 + (shape % 3)), step, name);
                }
            }
        }
    }

    [TestMethod]
    [DataRow("free", 0.02, nameof(InstructionSet.Avx512), nameof(MatrixLayout.Sliced))]
    [DataRow("free", 0.15, nameof(InstructionSet.Avx512), nameof(MatrixLayout.Sliced))]
    [DataRow("balanced", 0.0625, nameof(InstructionSet.Avx512), nameof(MatrixLayout.Sliced))]
    [DataRow("blocks", 0.05, nameof(InstructionSet.Avx512), nameof(MatrixLayout.Panels))]
    [DataRow("free", 1.0, nameof(InstructionSet.Avx512), nameof(MatrixLayout.Panels))]
    [DataRow("free", 0.02, nameof(InstructionSet.Avx2), nameof(MatrixLayout.Ellpack))]
    [DataRow("free", 0.15, nameof(InstructionSet.Avx2), nameof(MatrixLayout.Ellpack))]
    [DataRow("balanced", 0.0625, nameof(InstructionSet.Avx2), nameof(MatrixLayout.Ellpack))]
    [DataRow("free", 1.0, nameof(InstructionSet.Avx2), nameof(MatrixLayout.Panels))]
    [DataRow("blocks", 0.05, nameof(InstructionSet.Avx2), nameof(MatrixLayout.Panels))]
    [DataRow("free", 0.02, nameof(InstructionSet.Portable), nameof(MatrixLayout.Csr))]
    [DataRow("free", 0.5, nameof(InstructionSet.Portable), nameof(MatrixLayout.Panels))]
    public void The_layout_follows_the_mask(string mask, double density, string setName, string layoutName)
    {
        InstructionSet set = Enum.Parse<InstructionSet>(setName);
        MatrixLayout expected = Enum.Parse<MatrixLayout>(layoutName);
        if (!InstructionSets.Supports(set))
            Assert.Inconclusive($"This processor has no {set}.");
        WeightMatrix matrix = RandomMasks.Of(mask, new Random(1), 64, 1024, density);
        foreach (PackedPrecision precision in Enum.GetValues<PackedPrecision>())
        {
            Assert.AreSame(
                MatrixPacker.Pack(matrix, precision, set, expected).GetType(),
                MatrixPacker.Pack(matrix, precision, set).GetType(),
                $"{precision}");
        }
    }

    /// <summary>Largest error of a weight in units of the largest weight of its row.</summary>
    private static double Step(PackedPrecision precision, MatrixLayout layout) => (precision, layout) switch
    {
        (PackedPrecision.Float32, MatrixLayout.Sliced) => 1.01 / (1 << 19),
        (PackedPrecision.Float32, _) or (_, MatrixLayout.Csr or MatrixLayout.Ellpack) => 0,
        (_, MatrixLayout.Sliced) => 1.02 / (1 << 11),
        (PackedPrecision.Int16, _) => 1.01 / (1 << 16),
        _ => 1.01 / 254,
    };

    private static IEnumerable<MatrixLayout> Layouts(InstructionSet set) => Enum.GetValues<MatrixLayout>()
        .Where(layout => layout switch { MatrixLayout.Sliced => set == InstructionSet.Avx512, MatrixLayout.Ellpack => set == InstructionSet.Avx2, _ => true });

    private static void AssertProduct(WeightMatrix matrix, PackedMatrix packed, int lanes, double step, string name)
    {
        var random = new RandomWeights(lanes);
        float[] x = random.Vector(matrix.Columns * lanes);
        float[] start = random.Vector(matrix.Rows * lanes);
        float[] y = [.. start];
        if (lanes == 1)
            packed.MultiplyAdd(x, y);
        else
            packed.MultiplyAddLanes(x, y, lanes);
        for (int row = 0; row < matrix.Rows; row++)
        {
            ReadOnlySpan<float> weights = matrix.Row(row);
            double largest = 0;
            foreach (float weight in weights)
                largest = Math.Max(largest, Math.Abs(weight));
            for (int lane = 0; lane < lanes; lane++)
            {
                double expected = start[(row * lanes) + lane], magnitude = 0;
                for (int column = 0; column < weights.Length; column++)
                {
                    double input = x[(column * lanes) + lane];
                    expected += weights[column] * input;
                    magnitude += weights[column] == 0 ? 0 : Math.Abs(input);
                }

                double tolerance = (magnitude * largest * step) + (1e-6 * (1 + magnitude));
                Assert.AreEqual(expected, y[(row * lanes) + lane], tolerance, $"{name}, row {row}, lane {lane} of {lanes}");
            }
        }
    }
}
