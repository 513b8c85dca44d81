using System.CommandLine;

namespace Samples.Commands;

/// <summary>Which options a command line names; flags and defaults have a result even when it does not.</summary>
internal static class GivenOptions
{
    public static bool IsGiven(this ParseResult parse, Option option) => parse.GetResult(option) is { Implicit: false };

    /// <summary>The names of those that are named.</summary>
    public static IEnumerable<string> Given(this ParseResult parse, IEnumerable<Option> options) => options.Where(parse.IsGiven).Select(option => option.Name);
}
