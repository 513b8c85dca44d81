using System.Globalization;
using Microsoft.ML.HLstm.Experiments;

namespace Microsoft.ML.HLstm.Benchmarks.Tuners;

/// <summary>
/// A grid of trials that were run once: tuners are compared on it in milliseconds, and each gets for a point what training
/// really gave.
/// </summary>
internal sealed class RecordedTrials
{
    /// <summary>The columns of the table.</summary>
    public const string Header = "algorithm,width,rate,density,dropout,bleu,parameters,latency_ms,zip_bytes,seconds,exception";

    private readonly Dictionary<ParameterSet, TrialResult> _results = [];
    private readonly double[] _reference;
    private readonly double _whole;

    /// <summary>Reads a table.</summary>
    /// <exception cref="InvalidDataException">Points of the grid are missing.</exception>
    public RecordedTrials(string path)
    {
        string[][] rows = [.. File.ReadLines(path).Skip(1).Select(line => line.Split(','))];
        for (int i = 0; i < Columns.Length; i++)
            Space[Columns[i]] = new ChoiceOption([.. rows.Select(row => Value(row[i])).Distinct().OrderBy(value => value as double? ?? value as int?)]);
        foreach (string[] row in rows)
        {
            var parameter = new ParameterSet(Columns.Select((name, i) => KeyValuePair.Create(name, Value(row[i]))));
            _results.Add(parameter, Result(parameter, row));
        }

        int grid = new GridTuner(Space).Count;
        if (_results.Count != grid)
            throw new InvalidDataException($"The table {path} has {_results.Count} of the {grid} points of its grid; record the rest first.");
        TrialResult[] worth = [.. _results.Values.Where(result => result.Succeeded)];
        double[][] points = [.. worth.Select(TrialRanking.Objectives)];
        _reference = [TrialRanking.WorstLoss(worth) + 1e-9, points.Max(point => point[1]) + 1e-9, points.Max(point => point[2]) + 1e-9];
        _whole = ParetoRanking.Hypervolume(points, _reference);
    }

    /// <summary>The parameters of the recording, in the order of its columns.</summary>
    public static string[] Columns { get; } = [SearchSpace.Algorithm, "StateSize", "LearningRate", "GrowAndPrune.TargetDensity", "Dropout"];

    /// <summary>The space of which every point was tried.</summary>
    public SearchSpace Space { get; } = [];

    /// <summary>The number of points.</summary>
    public int Count => _results.Count;

    /// <summary>
    /// The share of the hypervolume of the whole table's front that a tuner's trials dominate, after each trial. Volumes are of
    /// BLEU, and the logarithms of parameters and latency, up to half the best BLEU and the largest model.
    /// </summary>
    public double[] Run(ITuner tuner, int trials)
    {
        var points = new List<double[]>();
        double[] shares = new double[trials];
        for (int trial = 1; trial <= trials; trial++)
        {
            var settings = new TrialSettings { TrialId = trial, Parameter = new ParameterSet([]), ModelPath = "" };
            ParameterSet proposed = tuner.Propose(settings);
            TrialResult result = _results[proposed] with { TrialSettings = settings with { Parameter = proposed } };
            tuner.Update(result);
            if (result.Succeeded)
                points.Add(TrialRanking.Objectives(result));
            shares[trial - 1] = ParetoRanking.Hypervolume(points, _reference) / _whole;
        }

        return shares;
    }

    private static TrialResult Result(ParameterSet parameter, string[] row)
    {
        var settings = new TrialSettings { TrialId = 1, Parameter = parameter, ModelPath = "" };
        return row[^1].Length > 0
            ? new TrialResult { TrialSettings = settings, Exception = row[^1] }
            : new TrialResult
            {
                TrialSettings = settings,
                Metric = Number(row[5]),
                Loss = -Number(row[5]),
                Parameters = long.Parse(row[6], CultureInfo.InvariantCulture),
                LatencyInMilliseconds = Number(row[7]),
                ZipBytes = long.Parse(row[8], CultureInfo.InvariantCulture),
                DurationInMilliseconds = Number(row[9]) * 1000,
            };
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static object Value(string text) => double.TryParse(text, CultureInfo.InvariantCulture, out double number) ? number : text;
}
