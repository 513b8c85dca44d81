using System.Security.Cryptography;
using System.Text;

namespace Samples.Translate;

/// <summary>
/// Splits sentence pairs by their English side, so that no sentence is on both sides of the split with two
/// different translations. A hash, not a random number: the split of a pair never changes.
/// </summary>
internal static class EnglishSplit
{
    /// <summary>Pairs below this last byte are held out: about 2 in 100.</summary>
    private const int HeldOutBelow = 5;

    /// <summary>Pairs from there to below this are validated on by the demonstration: about 1 in 100.</summary>
    private const int ValidationBelow = 7;

    public static bool IsHeldOut(string english) => LastByte(english) < HeldOutBelow;

    public static bool IsValidation(string english) => LastByte(english) is >= HeldOutBelow and < ValidationBelow;

    // The rule is defined in lower case.
#pragma warning disable CA1308
    private static byte LastByte(string english) =>
        SHA256.HashData(Encoding.UTF8.GetBytes(english.Trim().ToLowerInvariant()))[^1];
#pragma warning restore CA1308
}
