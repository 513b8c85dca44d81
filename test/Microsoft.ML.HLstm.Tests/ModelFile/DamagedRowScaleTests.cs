using System.Buffers.Binary;
using Microsoft.ML.HLstm.Inference;
using Microsoft.ML.HLstm.ModelFile;
using Microsoft.ML.HLstm.Tests.Inference;

namespace Microsoft.ML.HLstm.Tests.ModelFile;

/// <summary>Damage that only weights of 8 bits can have, under a checksum that is right.</summary>
[TestClass]
public sealed class DamagedRowScaleTests
{
    private const int Rows = 8;
    private const int RowScales = DamagedWeightFileTests.FirstMatrix + 9;

    [TestMethod]
    [DataRow(float.NaN, "NaN")]
    [DataRow(float.PositiveInfinity, "Infinity")]
    [DataRow(1e38f, "1E+38")]
    [DataRow(-0.5f, "-0.5")]
    [DataRow(0f, "above 0")]
    public void A_scale_that_no_row_can_have_is_refused(float scale, string said)
    {
        foreach (int row in new[] { 0, Rows - 1 })
        {
            byte[] file = Cell(WeightPrecision.Int8);
            BinaryPrimitives.WriteSingleLittleEndian(file.AsSpan(RowScales + row * sizeof(float)), scale);
            ModelFormatException error = Refusal(file);
            StringAssert.Contains(error.Message, said);
            StringAssert.Contains(error.Message, $"row {row} of matrix 'c.input'");
        }
    }

    [TestMethod]
    public void A_level_beyond_the_symmetric_range_is_refused()
    {
        byte[] file = Cell(WeightPrecision.Int8);
        file[RowScales + Rows * sizeof(float) + 3] = 0x80;
        ModelFormatException error = Refusal(file);
        StringAssert.Contains(error.Message, "-128");
        StringAssert.Contains(error.Message, "'c.input'");
    }

    [TestMethod]
    public void Version_1_is_read_and_has_no_weights_of_8_bits()
    {
        foreach (WeightPrecision precision in Enum.GetValues<WeightPrecision>())
        {
            byte[] file = Cell(precision);
            file[8] = 1;
            if (precision == WeightPrecision.Int8)
            {
                StringAssert.Contains(Refusal(file).Message, "version 1 has 0 to 1 (Half)");
                continue;
            }

            DamagedWeightFileTests.Seal(file);
            CellWeights old = WeightFileReader.ReadCell(new MemoryStream(file));
            CollectionAssert.AreEqual(WeightFileReader.ReadCell(new MemoryStream(Cell(precision))).Input.Values, old.Input.Values);
        }
    }

    private static ModelFormatException Refusal(byte[] file)
    {
        DamagedWeightFileTests.Seal(file);
        return Assert.ThrowsExactly<ModelFormatException>(() => WeightFileReader.ReadCell(new MemoryStream(file)));
    }

    private static byte[] Cell(WeightPrecision precision) => WeightFileTests.Write(
        s => WeightFileWriter.Write(s, new RandomWeights(1).Cell("c", 5, Rows / CellWeights.Gates, []), precision)).ToArray();
}
