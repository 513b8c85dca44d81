namespace Microsoft.ML.HLstm.Inference.Packing;

/// <summary>
/// What one multiplication takes in each layout, by one vector unless said otherwise, in nanoseconds; only the ratios matter. Fitted to one core of
/// an EPYC 9004 with AVX-512 at 2048 x 1024, 512 x 512 and 5000 x 256, density 2 to 15 % and 100 %: random, skewed and
/// balanced masks and 16 x 1 blocks; where AVX2 is named, to one of an EPYC 7003 without AVX-512. The benchmark <c>kernels</c>
/// measures them again.
/// </summary>
internal static class LayoutCosts
{
    /// <summary>A connection of compressed sparse rows: 0.36 to 0.40 ns. Indices and inputs cost, not the width of the weight.</summary>
    private const double CsrConnection = 0.38;

    /// <summary>A row of compressed sparse rows, whose end the processor mispredicts: 1 to 3 ns.</summary>
    private const double CsrRow = 1.5;

    /// <summary>
    /// A column of a panel: 0.63 to 0.70 ns from the second-level cache, 0.8 ns from the third. The low end, because panels
    /// serve vectors side by side as well, for which slices need a second copy.
    /// </summary>
    private const double PanelColumn = 0.62;

    /// <summary>The same with AVX2: 1.3 to 1.4 ns from the second-level cache, 2 ns from the third.</summary>
    private const double PanelColumnAvx2 = 1.4;

    /// <summary>The same at 16 or 8 bits a weight: 0.53 to 0.58 ns, spent on widening.</summary>
    private const double NarrowPanelColumn = 0.56;

    /// <summary>Start and end of a panel or a slice.</summary>
    private const double Rows16 = 4;

    /// <summary>End of a slice whose rows lie apart.</summary>
    private const double ScatteredRows16 = 12;

    /// <summary>A step of a slice: 16 slots of 32 bits.</summary>
    private const double Step = 0.52;

    /// <summary>A step of a slice: 16 slots of 16 bits.</summary>
    private const double NarrowStep = 0.5;

    /// <summary>The two loads of a window.</summary>
    private const double Window = 0.5;

    /// <summary>
    /// A connection of compressed sparse rows for eight vectors side by side: 0.50 to 0.56 ns from the second-level cache; 0.63 ns
    /// in the decoder of a whole network, where it comes from the third.
    /// </summary>
    private const double CsrConnectionLanes = 0.63;

    /// <summary>A connection of compressed sparse rows for 16 or more vectors side by side, whatever their number.</summary>
    private const double CsrConnectionRead = 0.35;

    /// <summary>The same for each 16 of them: 16 take 0.8 ns, 32 1.1, 64 2.1 to 3.1.</summary>
    private const double CsrConnectionRegister = 0.55;

    /// <summary>A column of a panel for eight vectors side by side: 2.9 to 3.2 ns.</summary>
    private const double PanelColumnLanes = 3.1;

    /// <summary>The same with AVX2.</summary>
    private const double PanelColumnLanesAvx2 = 7;

    /// <summary>A number that is put side by side with those of other vectors.</summary>
    private const double TransposedInput = 0.15;

    /// <summary>A number that is taken out of those of other vectors, 0.4 ns, with the bias before and a copy after it.</summary>
    private const double TransposedOutput = 0.6;

    /// <summary>A column of a panel for up to five vectors that lie apart.</summary>
    private const double PanelColumnGroup = 1.5;

    /// <summary>A slot of sliced ELLPACK: 0.38 to 0.48 ns.</summary>
    private const double EllpackSlot = 0.45;

    /// <summary>A slot of sliced ELLPACK for eight vectors side by side: 0.65 to 0.75 ns.</summary>
    private const double EllpackSlotLanes = 0.71;

    /// <summary>A row of sliced ELLPACK: its sum goes to its own place.</summary>
    private const double EllpackRow = 0.7;

    /// <summary>Compressed sparse rows, vectors side by side: from 16 on each register of them adds less than the first.</summary>
    public static double CsrLanes(int connections, int lanes) =>
        connections * (lanes == PackedMatrix.LaneMultiple ? CsrConnectionLanes : CsrConnectionRead + (CsrConnectionRegister * lanes / 16));

    /// <summary>Puts vectors side by side, takes the results apart and reads them again, for one vector.</summary>
    public static double Transposed(int inputs, int outputs) => (TransposedInput * inputs) + (TransposedOutput * outputs);

    /// <summary>Panels, vectors side by side.</summary>
    public static double PanelLanes(int packedColumns, InstructionSet instructions, int lanes) =>
        (instructions == InstructionSet.Avx2 ? PanelColumnLanesAvx2 : PanelColumnLanes) * packedColumns * Eights(lanes);

    /// <summary>Sliced ELLPACK, one vector or several side by side.</summary>
    public static double Ellpack(int slots, int rows, int lanes = 1) => lanes == 1
        ? (EllpackSlot * slots) + (EllpackRow * rows)
        : EllpackSlotLanes * slots * Eights(lanes);

    /// <summary>Compressed sparse rows.</summary>
    public static double Csr(int connections, int rows) => (CsrConnection * connections) + (CsrRow * rows);

    /// <summary>Panels.</summary>
    public static double Panels(PanelPlan plan, PackedPrecision precision, InstructionSet instructions)
    {
        double column = instructions == InstructionSet.Avx2 ? PanelColumnAvx2 : precision == PackedPrecision.Float32 ? PanelColumn : NarrowPanelColumn;
        return (column * plan.PackedColumns) + (Rows16 * plan.Panels);
    }

    /// <summary>Panels, vectors apart: groups of at most <paramref name="most"/>, and one by one below <paramref name="fewest"/>.</summary>
    public static double PanelsApart(double one, int packedColumns, int count, int most, int fewest)
    {
        (int groups, int rest) = Math.DivRem(count, most);
        double group = Math.Max(one, PanelColumnGroup * packedColumns);
        return ((groups + (rest >= fewest ? 1 : 0)) * group) + (rest < fewest ? rest * one : 0);
    }

    /// <summary>Slices.</summary>
    public static double Slices(SlicePlan plan, PackedPrecision precision)
    {
        double step = precision == PackedPrecision.Int8 ? NarrowStep : Step;
        double slice = plan.RowOrder is null ? Rows16 : ScatteredRows16;
        return ((Window + (step * plan.StepsPerWindow)) * plan.WindowCount) + (slice * plan.Slices);
    }

    private static double Eights(int lanes) => (double)lanes / PackedMatrix.LaneMultiple;
}
