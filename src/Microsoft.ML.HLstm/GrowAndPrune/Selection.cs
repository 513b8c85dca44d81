namespace Microsoft.ML.HLstm.GrowAndPrune;

/// <summary>Top-k among the members of a mask.</summary>
internal static class Selection
{
    /// <summary>
    /// The <paramref name="count"/> connections with the largest scores among those whose mask is
    /// <paramref name="member"/>; among equal scores the first ones, so that ties cannot change how many there are.
    /// </summary>
    public static ReadOnlySpan<int> Largest(ReadOnlySpan<float> mask, float member, ReadOnlySpan<float> scores, int count)
    {
        var members = new List<(float Score, int Connection)>();
        for (int i = 0; i < mask.Length; i++)
        {
            if (mask[i] == member)
                members.Add((scores[i], i));
        }

        members.Sort(static (a, b) => a.Score != b.Score ? b.Score.CompareTo(a.Score) : a.Connection.CompareTo(b.Connection));
        return members.Take(count).Select(m => m.Connection).ToArray();
    }
}
