using System.CommandLine;

namespace Samples.Commands;

/// <summary>Options that take one of an enum's names in lower case, and nothing else: Enum.Parse would take numbers too.</summary>
internal static class EnumOption
{
    public static Option<T> Restrict<T>(Option<T> option)
    {
        string[] names = [.. Enum.GetNames(typeof(T)).Select(Lower)];
        option.HelpName = string.Join('|', names);
        option.CompletionSources.Add(names);
        option.CustomParser = result =>
        {
            string token = result.Tokens[0].Value;
            if (names.Contains(Lower(token)))
                return (T)Enum.Parse(typeof(T), token, ignoreCase: true);
            result.AddError($"{option.Name} is '{token}'; allowed is {string.Join(", ", names)}.");
            return default;
        };
        return option;
    }

    // The command line is lower case throughout.
#pragma warning disable CA1308
    private static string Lower(string name) => name.ToLowerInvariant();
#pragma warning restore CA1308
}
