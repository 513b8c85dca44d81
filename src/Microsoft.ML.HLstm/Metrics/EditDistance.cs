namespace Microsoft.ML.HLstm.Metrics;

/// <summary>
/// Aligns two sequences with the fewest substitutions, deletions and insertions (Levenshtein 1966; the dynamic programming of
/// Wagner and Fischer 1974). Of several such alignments it takes one with the fewest substitutions, which has the most correct
/// tokens; this makes the three counts unique.
/// </summary>
internal static class EditDistance
{
    // An edit outweighs any number of substitutions that a sequence can have.
    private const long Edit = 1L << 32;

    /// <summary>Counts the edits. Memory is proportional to the length of the hypothesis.</summary>
    public static ErrorCounts Count<T>(ReadOnlySpan<T> reference, ReadOnlySpan<T> hypothesis) where T : IEquatable<T>
    {
        long cost = Fill(reference, hypothesis, []);

        // Insertions less deletions is the difference of the lengths, and all three add up to the edits.
        long edits = cost / Edit;
        long substitutions = cost % Edit;
        long deletions = (edits - substitutions - (hypothesis.Length - reference.Length)) / 2;
        return new ErrorCounts(reference.Length - substitutions - deletions, substitutions, deletions, edits - substitutions - deletions);
    }

    /// <summary>
    /// The alignment from left to right. Read from its end it goes diagonally where that is as good as anything else, else
    /// it deletes before it inserts; so equal inputs always give the same alignment.
    /// </summary>
    public static EditOperation[] Align<T>(ReadOnlySpan<T> reference, ReadOnlySpan<T> hypothesis) where T : IEquatable<T>
    {
        int width = hypothesis.Length + 1;
        var moves = new EditOperation[checked((reference.Length + 1) * width)];
        _ = Fill(reference, hypothesis, moves);
        var operations = new List<EditOperation>(Math.Max(reference.Length, hypothesis.Length));
        for (int cell = moves.Length - 1; cell > 0;)
        {
            EditOperation move = moves[cell];
            operations.Add(move);
            cell -= move switch
            {
                EditOperation.Deletion => width,
                EditOperation.Insertion => 1,
                _ => width + 1,
            };
        }

        operations.Reverse();
        return [.. operations];
    }

    /// <summary>Returns the cost of the best alignment; fills in the last move to each cell unless <paramref name="moves"/> is empty.</summary>
    private static long Fill<T>(ReadOnlySpan<T> reference, ReadOnlySpan<T> hypothesis, Span<EditOperation> moves) where T : IEquatable<T>
    {
        long[] row = new long[hypothesis.Length + 1];
        for (int j = 1; j < row.Length; j++)
            row[j] = Note(moves, j, EditOperation.Insertion, j * Edit);
        for (int i = 1; i <= reference.Length; i++)
        {
            long diagonal = row[0];
            int cell = i * row.Length;
            row[0] = Note(moves, cell, EditOperation.Deletion, i * Edit);
            for (int j = 1; j < row.Length; j++)
            {
                bool equal = reference[i - 1].Equals(hypothesis[j - 1]);
                long best = equal ? diagonal : diagonal + Edit + 1;
                EditOperation move = equal ? EditOperation.Correct : EditOperation.Substitution;
                diagonal = row[j];
                if (row[j] + Edit < best)
                    (best, move) = (row[j] + Edit, EditOperation.Deletion);
                if (row[j - 1] + Edit < best)
                    (best, move) = (row[j - 1] + Edit, EditOperation.Insertion);
                row[j] = Note(moves, cell + j, move, best);
            }
        }

        return row[^1];
    }

    private static long Note(Span<EditOperation> moves, int cell, EditOperation move, long cost)
    {
        if (!moves.IsEmpty)
            moves[cell] = move;
        return cost;
    }
}
