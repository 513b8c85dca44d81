namespace Microsoft.ML.HLstm;

/// <summary>
/// One dimension of a <see cref="SearchSpace"/>: <see cref="ChoiceOption"/>, <see cref="UniformIntOption"/> or
/// <see cref="UniformDoubleOption"/>.
/// </summary>
public abstract class OptionBase
{
    private protected OptionBase()
    {
    }

    /// <summary>
    /// Whether the option has a value beside the values of the options before it, which it is given; null means always. The gates' hidden layers, for
    /// instance, are there only when <c>parameter.Get&lt;string&gt;("Algorithm") == "HLstm"</c>.
    /// </summary>
    public Func<ParameterSet, bool>? Condition { get; init; }

    /// <summary>The number of values when they have no order between them, 0 for numbers.</summary>
    internal abstract int Choices { get; }

    /// <summary>From a place between 0 and 1, on which values are spread evenly, to the value there.</summary>
    internal abstract object At(double unit);

    /// <summary>The place of a value between 0 and 1: the middle of those that give it.</summary>
    internal abstract double UnitOf(object value);

    /// <summary>Values for a grid, evenly spread; no more than there are.</summary>
    internal abstract IReadOnlyList<object> Grid(int steps);

    /// <summary>Everything that makes two options equal, but for their conditions.</summary>
    public abstract override string ToString();
}
