namespace Microsoft.ML.HLstm.GrowAndPrune;

/// <summary>Top-k among the cells of a mask.</summary>
internal static class Selection
{
    /// <summary>
    /// Brings every group to a level: activates the dormant cells with the largest scores, or makes the active ones with the
    /// smallest dormant. Among equal scores the first ones are taken, so that ties cannot change how many there are.
    /// Returns how many connections changed.
    /// </summary>
    /// <param name="matrix">The matrix.</param>
    /// <param name="level">The level of every group afterwards.</param>
    /// <param name="scores">A score for each cell.</param>
    public static int Adjust(MaskedMatrix matrix, int level, ReadOnlySpan<double> scores)
    {
        int before = matrix.ActiveCount;
        var members = new List<(double Key, int Cell)>();
        for (int group = 0; group < matrix.Layout.Groups; group++)
        {
            (int first, int count) = matrix.Layout.Group(group);
            int change = matrix.Layout.ActiveOf(count, level) - matrix.ActiveCells(group);
            bool grow = change > 0;
            members.Clear();
            for (int cell = first; cell < first + count; cell++)
            {
                if (matrix.IsActive(cell) != grow)
                    members.Add((grow ? -scores[cell] : scores[cell], cell));
            }

            members.Sort(static (a, b) => a.Key != b.Key ? a.Key.CompareTo(b.Key) : a.Cell.CompareTo(b.Cell));
            for (int i = 0; i < Math.Abs(change); i++)
                matrix.SetCell(members[i].Cell, grow);
        }

        return Math.Abs(matrix.ActiveCount - before);
    }
}
