namespace Microsoft.ML.HLstm.Metrics;

/// <summary>Numbers tokens from 1 in the order in which they are first seen.</summary>
internal sealed class TokenNumbers
{
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);

    /// <summary>The numbers of the tokens of a sentence; equal tokens of all sentences have equal numbers.</summary>
    public int[] Number(IReadOnlyList<string> tokens)
    {
        int[] result = new int[tokens.Count];
        for (int i = 0; i < result.Length; i++)
        {
            if (!_numbers.TryGetValue(tokens[i], out result[i]))
                _numbers.Add(tokens[i], result[i] = _numbers.Count + 1);
        }

        return result;
    }
}
