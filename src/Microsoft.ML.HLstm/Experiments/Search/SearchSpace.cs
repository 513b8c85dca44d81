using System.Collections;

namespace Microsoft.ML.HLstm;

/// <summary>
/// The options that an experiment searches over, by name. A name is that of a property of the trainer's options, such as
/// <c>StateSize</c>; one of the schedule, such as <c>GrowAndPrune.TargetDensity</c>; <see cref="Algorithm"/>; or, for a
/// pipeline of one's own, any other.
/// </summary>
public sealed class SearchSpace : IEnumerable<KeyValuePair<string, OptionBase>>
{
    /// <summary>The name of the choice between the trainers, <see cref="HLstm"/> and <see cref="Lstm"/>.</summary>
    public const string Algorithm = "Algorithm";

    /// <summary>The value of <see cref="Algorithm"/> for <c>Trainers.HLstm</c>.</summary>
    public const string HLstm = "HLstm";

    /// <summary>The value of <see cref="Algorithm"/> for <c>Trainers.Lstm</c>.</summary>
    public const string Lstm = "Lstm";

    private readonly List<KeyValuePair<string, OptionBase>> _options = [];

    /// <summary>The number of options.</summary>
    public int Count => _options.Count;

    /// <summary>The option of this name; set, it replaces one or comes last.</summary>
    /// <exception cref="KeyNotFoundException">There is none to get.</exception>
    public OptionBase this[string name]
    {
        get => _options.Find(entry => entry.Key == name).Value ?? throw new KeyNotFoundException($"The search space has no '{name}'; it has {string.Join(", ", Names)}.");
        set
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(name);
            ArgumentNullException.ThrowIfNull(value);
            int index = _options.FindIndex(entry => entry.Key == name);
            if (index < 0)
                _options.Add(KeyValuePair.Create(name, value));
            else
                _options[index] = KeyValuePair.Create(name, value);
        }
    }

    /// <summary>The names, in order.</summary>
    public IEnumerable<string> Names => _options.Select(entry => entry.Key);

    /// <summary>
    /// What every sequence trainer can be searched over: algorithm, width, gate layers, dropout, learning rate, seed density,
    /// growth and pruning ratios, target densities and pattern. Made for networks of 32 to 256 units.
    /// </summary>
    public static SearchSpace CreateDefault()
    {
        static bool Hidden(ParameterSet parameter) => parameter.Get(Algorithm, HLstm) == HLstm;
        static bool Sparse(ParameterSet parameter) => parameter.Get("GrowAndPrune.TargetDensity", 0.0) < 1;
        return new SearchSpace
        {
            [Algorithm] = new ChoiceOption(HLstm, Lstm),
            [nameof(SequenceTrainerOptions.StateSize)] = new UniformIntOption(32, 256, logBase: true, multipleOf: 16),
            [nameof(SequenceTrainerOptions.GateHiddenLayers)] = new UniformIntOption(1, 2) { Condition = Hidden },
            [nameof(SequenceTrainerOptions.Dropout)] = new UniformDoubleOption(0, 0.5),
            [nameof(SequenceTrainerOptions.LearningRate)] = new UniformDoubleOption(5e-4, 8e-3, logBase: true),
            ["GrowAndPrune.TargetDensity"] = new UniformDoubleOption(0.03, 1, logBase: true),
            ["GrowAndPrune.EmbeddingTargetDensity"] = new UniformDoubleOption(0.1, 1, logBase: true) { Condition = Sparse },
            ["GrowAndPrune.SeedDensity"] = new UniformDoubleOption(0.3, 1),
            ["GrowAndPrune.GrowthRatio"] = new UniformDoubleOption(0.1, 0.6),
            ["GrowAndPrune.PruningRatio"] = new UniformDoubleOption(0.2, 0.6),
            ["GrowAndPrune.Pattern"] = new ChoiceOption(SparsityPattern.Unstructured, SparsityPattern.Blocks16x1, SparsityPattern.Balanced32),
        };
    }

    /// <summary>Takes an option out: what the trainer's options say holds instead.</summary>
    /// <returns>False when there was none.</returns>
    public bool Remove(string name) => _options.RemoveAll(entry => entry.Key == name) > 0;

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, OptionBase>> GetEnumerator() => _options.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>A point, option by option: each is chosen with the values before it known, where its condition holds.</summary>
    internal ParameterSet Choose(Func<string, OptionBase, object> choose)
    {
        var values = new List<KeyValuePair<string, object>>(Count);
        foreach ((string name, OptionBase option) in _options)
        {
            if (option.Condition is null || option.Condition(new ParameterSet(values)))
                values.Add(KeyValuePair.Create(name, choose(name, option)));
        }

        return new ParameterSet(values);
    }
}
