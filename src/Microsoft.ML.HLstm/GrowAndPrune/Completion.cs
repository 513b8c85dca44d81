namespace Microsoft.ML.HLstm.GrowAndPrune;

/// <summary>How a mask that knows nothing of a pattern comes to have it without losing a connection.</summary>
internal static class Completion
{
    /// <summary>
    /// Activates the rest of every cell with an active connection, and in every group as many cells as the fullest one asks
    /// for, the first ones first. New connections weigh nothing, so the network computes what it did.
    /// </summary>
    public static void Complete(MaskedMatrix matrix)
    {
        PatternLayout layout = matrix.Layout;
        for (int connection = 0; connection < matrix.Count; connection++)
        {
            if (matrix.Mask[connection] != 0)
                matrix.SetCell(layout.CellOf(connection), active: true);
        }

        if (layout.Groups == 1)
            return;
        int level = 1;
        for (int group = 0; group < layout.Groups; group++)
        {
            int active = matrix.ActiveCells(group);
            while (layout.ActiveOf(layout.Group(group).Count, level) < active)
                level++;
        }

        Selection.Adjust(matrix, level, new double[layout.Cells]);
    }
}
