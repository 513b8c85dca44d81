using System.Diagnostics;
using System.Globalization;
using Microsoft.ML.HLstm.Networks;
using Microsoft.ML.HLstm.Networks.Kernels;
using Microsoft.ML.HLstm.Tasks.Translation;
using Microsoft.ML.HLstm.Training;
using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Benchmarks;

/// <summary>The memory that training takes, beside the formula of docs/training.md.</summary>
internal static class TrainingMemory
{
    private const double MebiByte = 1 << 20;

    private sealed record Size(int Units, int Vocabulary, int Batch, int Length, int GateLayers);

    private static readonly Size[] _sizes =
        [new(128, 2000, 32, 20, 0), new(256, 5000, 64, 20, 0), new(256, 5000, 64, 40, 1), new(256, 30_000, 64, 40, 1), new(512, 10_000, 64, 50, 1), new(512, 10_000, 128, 60, 2)];

    /// <summary>Measures each size in a process of its own, because a process keeps memory that it has once had.</summary>
    public static void Run(TextWriter output, int threads)
    {
        output.WriteLine($"{"units",6}{"words",8}{"batch",7}{"length",8}{"gate layers",13}{"formula MiB",13}{"measured MiB",14}{"ratio",8}");
        for (int i = 0; i < _sizes.Length; i++)
        {
            ProcessStartInfo start = OwnProgram.With("memory-of", i.ToString(CultureInfo.InvariantCulture));
            using Process process = Process.Start(start)!;
            process.WaitForExit();
        }
    }

    /// <summary>Measures one size in this process.</summary>
    public static void RunOne(TextWriter output, int number)
    {
        set_num_threads(1);
        Size size = _sizes[number];
        Train(new Size(16, 100, 4, 5, 1));
        using var process = Process.GetCurrentProcess();
        double before = process.WorkingSet64 / MebiByte;
        Train(size);
        process.Refresh();
        double expected = before + Formula(size) / MebiByte, measured = process.PeakWorkingSet64 / MebiByte;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{size.Units,6}{size.Vocabulary,8}{size.Batch,7}{size.Length,8}{size.GateLayers,13}{expected,13:F0}{measured,14:F0}{measured / expected,8:F2}"));
    }

    /// <summary>Bytes beyond runtime and libtorch: all widths are U, source and target have T tokens, B rows in a batch.</summary>
    private static double Formula(Size s)
    {
        double u = s.Units, v = s.Vocabulary, steps = (double)s.Batch * s.Length;
        double recurrent = 3 * (s.GateLayers == 0 ? 4 * (2 * u) * u : 4 * (2 * u) * u + (s.GateLayers - 1) * 4 * u * u + 4 * u * u) + 4 * u * u;
        double parameters = 2 * v * u + recurrent + (2 + 3 + 4) * u * u;
        double perStep = 3 * (12 + 9 + 4 * s.GateLayers) * u + 45 * u + 2 * s.Length;
        double output = 256 * v + 5 * v * u;
        return 4 * (11.75 * parameters + 2 * recurrent + steps * perStep + output);
    }

    private static void Train(Size size)
    {
        using var generator = new Generator(1);
        var random = new Random(1);
        int[] Sentence() => [.. Enumerable.Range(0, size.Length - 1).Select(_ => random.Next(4, size.Vocabulary))];
        SentencePair[] pairs = [.. Enumerable.Range(0, 6 * size.Batch).Select(i => new SentencePair(i, [.. Sentence(), 3], Sentence()))];
        var gates = new GateNetworkOptions(size.GateLayers, size.GateLayers == 0 ? 0 : size.Units, GateActivation.LeakyRelu, false, 0);
        var shape = new TranslationShape(size.Vocabulary, size.Vocabulary, size.Units, size.Units, 1, 1, true, true, true, gates);
        using var network = new TranslationNetwork(shape, 0.3, generator);
        var options = new TranslationOptions { GrowAndPrune = GrowAndPruneSchedule.Compact, BatchSize = size.Batch };
        TrainedParameter[] parameters = [.. network.named_parameters().Select(entry => new TrainedParameter(entry.name, entry.parameter, entry.parameter.shape.Length > 1 ? MaskedMatrices.Gates : MaskedMatrices.None))];
        ModelSnapshot[] snapshots = [.. Enumerable.Range(0, 3).Select(_ => new ModelSnapshot(parameters))];
        var adam = new MaskedAdam(parameters, 0.998);
        network.train();
        foreach (SentencePair[] rows in pairs.Chunk(size.Batch))
        {
            using var scope = NewDisposeScope();
            var batch = new TranslationBatch(rows);
            network.Loss(network.Predict(batch), batch.Labels, TranslationBatch.Ignored, options.LabelSmoothing).backward();
            adam.Step(1e-3, 1);
        }

        Array.ForEach(snapshots, snapshot => snapshot.Take(GateActivation.Relu, 0));
        _ = new PackedTranslation(TranslationExport.Weights(network));
        FloatBuffer.Trim();
        GC.KeepAlive(snapshots);
    }
}
