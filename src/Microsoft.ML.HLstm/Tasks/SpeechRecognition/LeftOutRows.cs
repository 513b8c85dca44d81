namespace Microsoft.ML.HLstm.Tasks.SpeechRecognition;

/// <summary>Rows that cannot be used, by reason: how many, and the numbers of the first few.</summary>
internal sealed class LeftOutRows
{
    private const int Shown = 5;
    private readonly List<(string Reason, List<long> First)> _reasons = [];
    private readonly Dictionary<string, long> _counts = new(StringComparer.Ordinal);

    /// <summary>All rows that are left out.</summary>
    public long Count => _counts.Values.Sum();

    /// <summary>Leaves a row out.</summary>
    /// <param name="reason">What follows "with" in the report.</param>
    /// <param name="row">The row's number in the user's data.</param>
    public void Add(string reason, long row)
    {
        _counts[reason] = _counts.GetValueOrDefault(reason) + 1;
        if (_counts[reason] == 1)
            _reasons.Add((reason, []));
        List<long> first = _reasons.Find(entry => entry.Reason == reason).First;
        if (first.Count < Shown)
            first.Add(row);
    }

    /// <summary>The reasons, each with its rows.</summary>
    public override string ToString() => string.Join("; ", _reasons.Select(entry =>
        $"{_counts[entry.Reason]} with {entry.Reason} (row{(_counts[entry.Reason] == 1 ? "" : "s")} {string.Join(", ", entry.First)}{(_counts[entry.Reason] > Shown ? ", ..." : "")})"));
}
