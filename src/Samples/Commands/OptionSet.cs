using System.CommandLine;

namespace Samples.Commands;

/// <summary>
/// Options of the command line that fill an options object of the library. One that is not given leaves the
/// library's default alone, so that no default is written down twice.
/// </summary>
internal sealed class OptionSet<TTarget>
{
    private readonly List<(Option Option, Func<ParseResult, TTarget, TTarget> Set)> _entries = [];

    public IEnumerable<Option> Options => _entries.Select(entry => entry.Option);

    /// <summary>Adds an option that changes the object in place.</summary>
    public OptionSet<TTarget> Set<T>(string name, string description, Action<TTarget, T> set, string? helpName = null) =>
        With<T>(name, description, (target, value) =>
        {
            set(target, value);
            return target;
        }, helpName);

    /// <summary>Adds an option that makes a changed copy: for records.</summary>
    public OptionSet<TTarget> With<T>(string name, string description, Func<TTarget, T, TTarget> with, string? helpName = null)
    {
        Option<T> option = Create<T>(name, description, helpName);
        _entries.Add((option, (parse, target) =>
            parse.IsGiven(option) ? with(target, parse.GetRequiredValue(option)) : target));
        return this;
    }

    public TTarget Apply(ParseResult parse, TTarget target) =>
        _entries.Aggregate(target, (current, entry) => entry.Set(parse, current));

    /// <summary>The names of the options that the command line has.</summary>
    public IEnumerable<string> Given(ParseResult parse) => parse.Given(Options);

    private static Option<T> Create<T>(string name, string description, string? helpName)
    {
        var option = new Option<T>(name) { Description = description, HelpName = helpName ?? HelpNameOf(typeof(T)) };
        return typeof(T).IsEnum ? EnumOption.Restrict(option) : option;
    }

    private static string HelpNameOf(Type type) => type == typeof(bool) ? "true|false" : type == typeof(string) ? "DIR" : "NUMBER";
}
