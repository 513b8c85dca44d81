using System.Diagnostics;
using System.Globalization;
using Microsoft.ML.HLstm.Inference;
using Microsoft.ML.HLstm.Inference.Packing;

namespace Microsoft.ML.HLstm.Benchmarks;

/// <summary>
/// Products of packed matrices in every layout against compressed sparse rows, in turns. Beside the time of a connection
/// stands the rate at which memory is read, and the last line of each table shows what plain reading of as much memory reaches.
/// </summary>
internal static class KernelRatios
{
    private const int Turns = 31;
    private const int Repeats = 10;
    private const int Lanes = 8;

    public static void Run(TextWriter output, int threads)
    {
        foreach ((int rows, int columns) in ((int, int)[])[(2048, 1024), (512, 512), (5000, 256)])
        {
            foreach (string mask in (string[])["random", "16 x 1 blocks", "balanced"])
            {
                foreach (double density in mask == "random" ? (double[])[0.02, 0.05, 0.1, 0.15, 1] : [0.05])
                    Compare(output, $"{rows} x {columns}, {mask}, density {density}", Mask(mask, rows, columns, density));
            }
        }
    }

    private static void Compare(TextWriter output, string title, WeightMatrix matrix)
    {
        var random = new Random(2);
        float[] x = Values(random, matrix.Columns * Lanes), y = new float[matrix.Rows * Lanes];
        foreach (int lanes in (int[])[1, Lanes])
        {
            var entries = new List<(string Name, long Bytes, Action Run)>();
            foreach (InstructionSet set in Enum.GetValues<InstructionSet>().Where(InstructionSets.Supports).Reverse())
            {
                foreach (MatrixLayout layout in Enum.GetValues<MatrixLayout>())
                {
                    if ((layout == MatrixLayout.Sliced && (set != InstructionSet.Avx512 || lanes > 1)) || (layout == MatrixLayout.Ellpack && set != InstructionSet.Avx2))
                        continue;
                    foreach (PackedPrecision precision in set == InstructionSet.Avx512 ? Enum.GetValues<PackedPrecision>() : [PackedPrecision.Float32])
                    {
                        if (precision != PackedPrecision.Float32 && (layout == MatrixLayout.Csr || (layout == MatrixLayout.Sliced && precision == PackedPrecision.Int8)))
                            continue;
                        PackedMatrix packed = MatrixPacker.Pack(matrix, precision, set, layout);
                        entries.Add(($"{layout} {precision} {set}", packed.Bytes, () => Multiply(packed, x, y, lanes)));
                    }
                }
            }

            float[] memory = new float[entries.Min(entry => entry.Bytes) / sizeof(float)];
            entries.Add(("plain reading", (long)memory.Length * sizeof(float), () => PlainReading.Read(memory)));
            Write(output, $"{title}, {lanes} vector(s), chosen {MatrixPacker.Pack(matrix, PackedPrecision.Float32, InstructionSets.Best).GetType().Name}", entries, matrix.ActiveConnections);
        }
    }

    private static void Write(TextWriter output, string title, List<(string Name, long Bytes, Action Run)> entries, int connections)
    {
        double[][] nanoseconds = [.. entries.Select(_ => new double[Turns])];
        for (int turn = -3; turn < Turns; turn++)
        {
            for (int entry = 0; entry < entries.Count; entry++)
            {
                // The first product brings the matrix back into the cache after the others.
                entries[entry].Run();
                long start = Stopwatch.GetTimestamp();
                for (int repeat = 0; repeat < Repeats; repeat++)
                    entries[entry].Run();
                if (turn >= 0)
                    nanoseconds[entry][turn] = Stopwatch.GetElapsedTime(start).TotalNanoseconds / Repeats;
            }
        }

        output.WriteLine(title);
        output.WriteLine($"  {"",-28}{"us",9}{"speed, first = 1",18}{"ns a connection",17}{"MB",8}{"GB/s",8}");
        for (int entry = 0; entry < entries.Count; entry++)
        {
            double median = nanoseconds[entry].Order().ElementAt(Turns / 2);
            double speed = nanoseconds[0].Zip(nanoseconds[entry], (first, own) => first / own).Order().ElementAt(Turns / 2);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"  {entries[entry].Name,-28}{median / 1000,9:F1}{speed,18:F2}{median / connections,17:F3}{entries[entry].Bytes / 1e6,8:F2}{entries[entry].Bytes / median,8:F0}"));
        }

        output.WriteLine();
    }

    private static void Multiply(PackedMatrix matrix, float[] x, float[] y, int lanes)
    {
        if (lanes == 1)
            matrix.MultiplyAdd(x.AsSpan(0, matrix.Columns), y.AsSpan(0, matrix.Rows));
        else
            matrix.MultiplyAddLanes(x, y, lanes);
    }

    private static WeightMatrix Mask(string mask, int rows, int columns, double density)
    {
        var random = new Random(1);
        float[] values = Values(random, rows * columns);
        bool[] block = [.. Enumerable.Range(0, (rows + 15) / 16 * columns).Select(_ => random.NextDouble() < density)];
        int[] offsets = [.. Enumerable.Range(0, 32)];
        for (int index = 0; index < values.Length; index++)
        {
            (int row, int column) = Math.DivRem(index, columns);
            if (column % 32 == 0)
                random.Shuffle(offsets);
            bool active = mask switch
            {
                "balanced" => offsets[column % 32] < Math.Round(density * 32),
                "random" => random.NextDouble() < density,
                _ => block[(row / 16 * columns) + column],
            };
            values[index] = active ? values[index] : 0;
        }

        return new WeightMatrix(mask, rows, columns, values);
    }

    private static float[] Values(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => (float)random.NextDouble() - 0.5f)];
}
