namespace Microsoft.ML.HLstm.Benchmarks.Scoring;

/// <summary>All scenarios one after the other, the ways of each in turns.</summary>
/// <param name="threads">Threads of every engine where a scenario does not name their number.</param>
/// <param name="wideGates">True for gates as wide as the state, false for those of the default width.</param>
/// <param name="modelPath">The model of whole sentences and of the cold start.</param>
/// <param name="dataPath">Sentences for it.</param>
/// <param name="trainedPaths">Models whose cells show what trained masks are like.</param>
internal sealed class QuickRun(int threads, bool wideGates, string modelPath, string dataPath, IReadOnlyList<string> trainedPaths)
{
    private const int Units = 512, WideUnits = 800, Frames = 100;

    private static readonly (MaskPattern, double)[] _allMasks =
        [.. from pattern in Enum.GetValues<MaskPattern>() from density in (double[])[0.1, 0.05, 0.02] select (pattern, density)];

    private static readonly (MaskPattern, double)[] _someMasks =
    [
        (MaskPattern.Unstructured, 0.1), (MaskPattern.Unstructured, 0.05), (MaskPattern.Unstructured, 0.02),
        (MaskPattern.Blocks, 0.05), (MaskPattern.Balanced, 0.05),
    ];

    /// <summary>The results, each as soon as it is there.</summary>
    public IEnumerable<ContestResult> Run()
    {
        TrainedCell[] trained = [.. trainedPaths.SelectMany(TrainedCell.Of)];
        TrainedCell[] decoders = [.. trainedPaths.Select(path => TrainedCell.Of(path)[0])];
        TorchSharp.torch.set_num_threads(threads);
        yield return new LayerWays(new(Units, Units), threads).WithHLstm(wideGates, _allMasks).WithScaled(trained)
            .Measure($"One step, {Units} units, {Units} inputs, batch 1, {Threads(threads)}", turns: 15);
        foreach (TrainedCell cell in trained)
        {
            yield return new LayerWays(new(cell.Weights.InputSize, cell.Weights.StateSize), threads).WithTrained(cell)
                .Measure($"One step, cell of {cell.Name}, {cell.Weights.StateSize} units, {cell.Weights.InputSize} inputs, batch 1, {Threads(threads)}", turns: 15);
        }

        yield return TranslationContest.Measure(modelPath, dataPath, turns: 15);
        yield return ColdStart.Measure(modelPath, Sentences.Read(dataPath, 1)[0], turns: 5);
        yield return new LayerWays(new(Units, Units, Frames), threads).WithHLstm(wideGates, _allMasks).WithScaled(decoders)
            .Measure($"A sequence of {Frames}, {Units} units, batch 1, {Threads(threads)}", turns: 5);
        foreach (int batch in (int[])[8, 32])
        {
            yield return new LayerWays(new(Units, Units, 1, batch), threads).WithHLstm(wideGates, _someMasks).WithScaled(decoders)
                .Measure($"One step, {Units} units, batch {batch}, {Threads(threads)}", turns: 15);
            yield return new LayerWays(new(Units, Units, 20, batch), threads).WithHLstm(wideGates, _someMasks).WithScaled(decoders)
                .Measure($"A sequence of 20, {Units} units, batch {batch}, {Threads(threads)}", turns: 5);
        }

        foreach (int count in (int[])[1, 2])
        {
            TorchSharp.torch.set_num_threads(count);
            yield return new LayerWays(new(WideUnits, WideUnits, Frames, 1, 2), count).WithHLstm(wideGates, _someMasks)
                .Measure($"A bidirectional layer, {WideUnits} units, {Frames} frames, batch 1, {Threads(count)}", turns: 5);
        }
    }

    private static string Threads(int count) => count == 1 ? "1 thread" : $"{count} threads";
}
