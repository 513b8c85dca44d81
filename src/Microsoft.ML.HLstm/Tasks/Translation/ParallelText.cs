using Microsoft.ML.HLstm.Featurizers;
using Microsoft.ML.HLstm.Training;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.HLstm.Tasks.Translation;

/// <summary>Sentence pairs as they stand in an <see cref="IDataView"/>, read once.</summary>
internal sealed record ParallelText(IReadOnlyList<long> Rows, IReadOnlyList<string> Sources, IReadOnlyList<string> Targets)
{
    /// <summary>Reads the pairs; rows with an empty side are left out, with a warning.</summary>
    /// <exception cref="InvalidOperationException">No row is left.</exception>
    public static ParallelText Read(IDataView data, string what, TranslationOptions options, IChannel log)
    {
        DataViewSchema.Column source = data.Schema[options.FeatureColumnName], target = data.Schema[options.LabelColumnName];
        var rows = new List<long>();
        var sources = new List<string>();
        var targets = new List<string>();
        long row = 0, empty = 0, firstEmpty = -1;
        using DataViewRowCursor cursor = data.GetRowCursor([source, target]);
        ValueGetter<ReadOnlyMemory<char>> getSource = cursor.GetGetter<ReadOnlyMemory<char>>(source);
        ValueGetter<ReadOnlyMemory<char>> getTarget = cursor.GetGetter<ReadOnlyMemory<char>>(target);
        ReadOnlyMemory<char> from = default, to = default;
        for (; cursor.MoveNext(); row++)
        {
            options.CancellationToken.ThrowIfCancellationRequested();
            getSource(ref from);
            getTarget(ref to);
            if (from.Span.IsWhiteSpace() || to.Span.IsWhiteSpace())
            {
                firstEmpty = empty++ == 0 ? row : firstEmpty;
                continue;
            }

            rows.Add(row);
            sources.Add(from.ToString());
            targets.Add(to.ToString());
        }

        if (rows.Count == 0)
            throw new InvalidOperationException($"The {what} has {row} rows, of which {empty} have an empty '{source.Name}' or '{target.Name}'; at least one row with both is needed.");
        if (empty > 0)
            log.Warning($"{empty} of {row} rows of the {what} have an empty '{source.Name}' or '{target.Name}' and are left out; the first is row {firstEmpty}.");
        return new ParallelText(rows, sources, targets);
    }

    /// <summary>The pairs as token ids; longer sentences than the maximum are cut, with a warning.</summary>
    public SentencePair[] Encode(TextVocabulary source, TextVocabulary target, int maximumLength, string what, IChannel log)
    {
        int cut = 0;
        int[] Cut(int[] tokens)
        {
            cut += tokens.Length > maximumLength ? 1 : 0;
            return tokens.Length > maximumLength ? tokens[..maximumLength] : tokens;
        }

        var pairs = new SentencePair[Rows.Count];
        for (int i = 0; i < pairs.Length; i++)
            pairs[i] = new SentencePair(Rows[i], [.. Cut(source.Encode(Sources[i])), TextVocabulary.End], Cut(target.Encode(Targets[i])));
        if (cut > 0)
            log.Warning($"{cut} sentences of the {what} are longer than {nameof(TranslationOptions.MaximumLength)} ({maximumLength} tokens) and are cut.");
        return pairs;
    }

    /// <summary>
    /// Holds out a share of the pairs. Pairs with the same target go the same way, so that no held-out translation has
    /// been trained on.
    /// </summary>
    /// <exception cref="InvalidOperationException">There are not two different targets.</exception>
    public (ParallelText Kept, ParallelText HeldOut) Split(double fraction, Random random)
    {
        string[] distinct = [.. Targets.Distinct()];
        if (distinct.Length < 2)
            throw new InvalidOperationException($"The training data has {distinct.Length} different translation; at least 2 are needed to hold one out. Set ValidationSet, or train on more data.");
        random.Shuffle(distinct);
        HashSet<string> out_ = [.. distinct.Take(Math.Clamp((int)Math.Round(fraction * distinct.Length), 1, distinct.Length - 1))];
        return (Where(target => !out_.Contains(target)), Where(out_.Contains));
    }

    /// <summary>Adds everything to a fingerprint.</summary>
    public void AddTo(DataFingerprint fingerprint)
    {
        fingerprint.Add(Rows.Count);
        for (int i = 0; i < Rows.Count; i++)
        {
            fingerprint.Add(Rows[i]);
            fingerprint.Add(Sources[i]);
            fingerprint.Add(Targets[i]);
        }
    }

    private ParallelText Where(Func<string, bool> target)
    {
        int[] chosen = [.. Enumerable.Range(0, Rows.Count).Where(i => target(Targets[i]))];
        return new ParallelText([.. chosen.Select(i => Rows[i])], [.. chosen.Select(i => Sources[i])], [.. chosen.Select(i => Targets[i])]);
    }
}
