using System.Globalization;
using System.Runtime.Intrinsics.X86;
using Microsoft.ML.HLstm.Inference;
using Microsoft.ML.HLstm.Inference.Packing;
using Microsoft.ML.HLstm.Networks;

namespace Microsoft.ML.HLstm.Benchmarks.Scoring;

/// <summary>
/// How near a step of 512 units and inputs at batch 1 comes to what the processor allows: reading its weights and nothing else, and the
/// arithmetic of as many 16 weights together as its layouts hold, on registers. Medians of turns.
/// </summary>
internal static class StepLimits
{
    private const int Units = 512, Turns = 31, Rounds = 1000, BytesTogether = 64;
    private const double Slice = 0.5;

    public static void Run(TextWriter output, int threads)
    {
        if (!Avx512F.IsSupported)
        {
            output.WriteLine("The limits are those of the kernels for AVX-512, which this processor does not have.");
            return;
        }

        (double multiplyAdd, double permuted) = OnRegisters();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"16 weights on registers: multiply-add {multiplyAdd:F3} ns ({32 / multiplyAdd:F0} GFLOP/s), permutation of two registers and multiply-add {permuted:F3} ns"));
        foreach (int gateSize in (int[])[GateNetworkOptions.DefaultWidth(Units), Units])
        {
            output.WriteLine($"  {$"us, gates of {gateSize}",-28}{"step",8}{"products",10}{"reading",10}{"arithmetic",12}{"KB",8}{"filled %",10}");
            foreach (MaskPattern pattern in Enum.GetValues<MaskPattern>())
            {
                foreach (double density in pattern == MaskPattern.Unstructured ? (double[])[0.1, 0.05, 0.02] : [0.05, 0.02])
                    Compare(output, gateSize, pattern, density, pattern == MaskPattern.Blocks ? multiplyAdd : permuted);
            }
        }
    }

    private static void Compare(TextWriter output, int gateSize, MaskPattern pattern, double density, double nanoseconds)
    {
        CellWeights cell = new RandomCells(1).HLstm(Units, Units, pattern, density, gateSize);
        if (pattern == MaskPattern.Unstructured)
            cell = RandomCells.Ordered(cell, sequences: false);
        var step = new EngineStep(new LayerShape(Units, Units), cell, new LayerShape(Units, Units).Input());
        PackedMatrix[] matrices = [PackedMatrix.Pack(SideBySide.Join(cell.Input, cell.Recurrent)), .. cell.Output.Select(layer => PackedMatrix.Pack(layer.Weight))];
        float[] x = new LayerShape(2 * Units, Units).Input(), y = new float[matrices[0].Rows];
        long bytes = matrices.Sum(matrix => matrix.Bytes);
        float[] memory = new float[bytes / sizeof(float)];
        double[] microseconds = Measure(step.Run, () => Array.ForEach(matrices, matrix => matrix.MultiplyAdd(x.AsSpan(0, matrix.Columns), y.AsSpan(0, matrix.Rows))), () => PlainReading.Read(memory));
        double together = (double)bytes / BytesTogether;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  {Masks.Describe(pattern, density),-28}{microseconds[0],8:F1}{microseconds[1],10:F1}{microseconds[2],10:F1}{together * nanoseconds / 1000,12:F1}{bytes / 1000,8}{100.0 * sizeof(float) * cell.Matrices.Sum(matrix => matrix.ActiveConnections) / bytes,10:F0}"));
    }

    private static (double MultiplyAdd, double Permuted) OnRegisters()
    {
        double[] microseconds = Measure(() => RegisterLoops.MultiplyAdd(Rounds), () => RegisterLoops.PermuteMultiplyAdd(Rounds));
        return (1000 * microseconds[0] / Rounds / RegisterLoops.Chains, 1000 * microseconds[1] / Rounds / RegisterLoops.Chains);
    }

    /// <summary>Medians in microseconds, in turns.</summary>
    private static double[] Measure(params Action[] ways)
    {
        var contest = new Contest("", Turns, slice: Slice);
        foreach (Action way in ways)
            contest.Add("", way);
        return [.. contest.Measure().Rows.Select(row => 1000 * row.MedianMilliseconds)];
    }
}
