namespace Microsoft.ML.HLstm.Experiments;

/// <summary>Points with several values that are all to be low.</summary>
internal static class ParetoRanking
{
    /// <summary>True when <paramref name="a"/> is nowhere higher than <paramref name="b"/>, and somewhere lower.</summary>
    public static bool Dominates(double[] a, double[] b)
    {
        bool lower = false;
        for (int i = 0; i < a.Length; i++)
        {
            if (a[i] > b[i])
                return false;
            lower |= a[i] < b[i];
        }

        return lower;
    }

    /// <summary>For each point the front that it is on: 0 when no other dominates it, 1 when only those do, and so on.</summary>
    public static int[] Ranks(double[][] points)
    {
        int[] ranks = new int[points.Length];
        List<int> left = [.. Enumerable.Range(0, points.Length)];
        for (int rank = 0; left.Count > 0; rank++)
        {
            int[] front = [.. left.Where(i => !left.Exists(j => Dominates(points[j], points[i])))];
            foreach (int i in front)
                ranks[i] = rank;
            left.RemoveAll(front.Contains);
        }

        return ranks;
    }

    /// <summary>The room around each point of a front (NSGA-II's crowding distance); infinite at the ends of a value's range.</summary>
    public static double[] Crowding(double[][] points)
    {
        double[] room = new double[points.Length];
        for (int d = 0; points.Length > 0 && d < points[0].Length; d++)
        {
            int[] order = [.. Enumerable.Range(0, points.Length).OrderBy(i => points[i][d])];
            double range = points[order[^1]][d] - points[order[0]][d];
            room[order[0]] = room[order[^1]] = double.PositiveInfinity;
            for (int i = 1; range > 0 && i < order.Length - 1; i++)
                room[order[i]] += (points[order[i + 1]][d] - points[order[i - 1]][d]) / range;
        }

        return room;
    }

    /// <summary>
    /// The volume between a reference and the points: how much of the space is dominated (E. Zitzler, L. Thiele, 1998). Points
    /// that are not below the reference in everything add nothing.
    /// </summary>
    public static double Hypervolume(IEnumerable<double[]> points, double[] reference) =>
        Volume([.. points.Where(point => point.Zip(reference).All(pair => pair.First < pair.Second))], reference, reference.Length);

    /// <summary>The volume in the first dimensions: slices along the last of them.</summary>
    private static double Volume(double[][] points, double[] reference, int dimensions)
    {
        if (points.Length == 0)
            return 0;
        int last = dimensions - 1;
        if (last == 0)
            return reference[0] - points.Min(point => point[0]);
        double[][] rising = [.. points.OrderBy(point => point[last])];
        double volume = 0;
        for (int i = 0; i < rising.Length; i++)
        {
            double thickness = (i + 1 < rising.Length ? rising[i + 1][last] : reference[last]) - rising[i][last];
            if (thickness > 0)
                volume += thickness * Volume(rising[..(i + 1)], reference, last);
        }

        return volume;
    }
}
