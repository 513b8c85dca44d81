using System.Numerics;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.HLstm.Inference.Packing;

/// <summary>Chooses the layout of a matrix by what its mask costs in each, and packs it.</summary>
internal static class MatrixPacker
{
    /// <summary>Packs a matrix in the layout that <see cref="LayoutCosts"/> expects to be the fastest.</summary>
    public static PackedMatrix Pack(WeightMatrix matrix, PackedPrecision precision, InstructionSet instructions)
    {
        matrix = AsSingle(matrix);
        var connections = new Connections(matrix);
        var panels = new PanelPlan(matrix);
        double rowsCost = SparseRowsCost(connections.Count, matrix, instructions, lanes: 1);
        double panelCost = LayoutCosts.Panels(panels, precision, instructions);
        if (instructions == InstructionSet.Avx512)
        {
            (int steps, bool byLength, double sliceCost) = BestSlices(connections, precision);
            if (sliceCost < Math.Min(rowsCost, panelCost))
                return Sliced(connections, new SlicePlan(connections, steps, byLength), precision);
        }

        return panelCost < rowsCost ? Panels(matrix, panels, precision, instructions) : SparseRows(connections, instructions);
    }

    /// <summary>Packs a matrix in a given layout.</summary>
    public static PackedMatrix Pack(WeightMatrix matrix, PackedPrecision precision, InstructionSet instructions, MatrixLayout layout)
    {
        matrix = AsSingle(matrix);
        return layout switch
        {
            MatrixLayout.Csr => Csr(new Connections(matrix), instructions),
            MatrixLayout.Panels => Panels(matrix, new PanelPlan(matrix), precision, instructions),
            MatrixLayout.Ellpack => new EllpackPackedMatrix(new Connections(matrix)),
            _ => Sliced(new Connections(matrix), precision),
        };
    }

    /// <summary>The rows of which every layout reads, some several times: made once.</summary>
    private static WeightMatrix AsSingle(WeightMatrix matrix) =>
        matrix.Precision == WeightPrecision.Single ? matrix : new WeightMatrix(matrix.Name, matrix.Rows, matrix.Columns, matrix.Values);

    /// <summary>The layout of single connections that is the fastest with these instructions: one for one vector and for several.</summary>
    public static PackedMatrix SparseRows(Connections connections, InstructionSet instructions) =>
        TakesEllpack(connections.Columns, instructions) ? new EllpackPackedMatrix(connections) : Csr(connections, instructions);

    /// <summary>What the layout that <see cref="SparseRows"/> takes is expected to cost.</summary>
    public static double SparseRowsCost(int connections, WeightMatrix matrix, InstructionSet instructions, int lanes)
    {
        if (TakesEllpack(matrix.Columns, instructions))
            return LayoutCosts.Ellpack(connections, matrix.Rows, lanes);
        return lanes == 1 ? LayoutCosts.Csr(connections, matrix.Rows) : LayoutCosts.CsrLanes(connections, lanes);
    }

    private static bool TakesEllpack(int columns, InstructionSet instructions) =>
        instructions == InstructionSet.Avx2 && columns <= EllpackPackedMatrix.MostColumns;

    /// <summary>The fastest of all ways to fill slices, by what it costs in some of them.</summary>
    private static (int Steps, bool ByLength, double Cost) BestSlices(Connections connections, PackedPrecision precision) =>
        (from steps in (int[])[1, 2, 4]
         from byLength in (bool[])[false, true]
         select (steps, byLength, LayoutCosts.Slices(SlicePlan.Sample(connections, steps, byLength), precision))).MinBy(candidate => candidate.Item3);

    private static PackedMatrix Sliced(Connections connections, PackedPrecision precision)
    {
        (int steps, bool byLength, _) = BestSlices(connections, precision);
        return Sliced(connections, new SlicePlan(connections, steps, byLength), precision);
    }

    private static PackedMatrix Csr(Connections connections, InstructionSet instructions) => instructions switch
    {
        InstructionSet.Avx512 => new CsrPackedMatrix<Vector512<float>, Simd512>(connections),
        InstructionSet.Avx2 => new CsrPackedMatrix<Vector256<float>, Simd256>(connections),
        _ => new CsrPackedMatrix<Vector<float>, SimdPortable>(connections),
    };

    private static PackedMatrix Panels(WeightMatrix matrix, PanelPlan plan, PackedPrecision precision, InstructionSet instructions) => instructions switch
    {
        InstructionSet.Avx512 => Panels<Vector512<float>, Simd512>(matrix, plan, precision, instructions),
        InstructionSet.Avx2 => Panels<Vector256<float>, Simd256>(matrix, plan, precision, instructions),
        _ => Panels<Vector<float>, SimdPortable>(matrix, plan, precision, instructions),
    };

    private static PackedMatrix Panels<TVector, TSimd>(WeightMatrix matrix, PanelPlan plan, PackedPrecision precision, InstructionSet instructions)
        where TVector : struct
        where TSimd : ISimd<TVector> => precision switch
        {
            PackedPrecision.Float32 => new PanelPackedMatrix<TVector, TSimd, float>(matrix, plan, instructions),
            PackedPrecision.Int16 => new PanelPackedMatrix<TVector, TSimd, short>(matrix, plan, instructions),
            _ => new PanelPackedMatrix<TVector, TSimd, sbyte>(matrix, plan, instructions),
        };

    /// <summary>
    /// Slots of 16 bits have 11 for the weight: enough for int8, too few for 16-bit weights, and hardly faster than float32.
    /// </summary>
    private static PackedMatrix Sliced(Connections connections, SlicePlan plan, PackedPrecision precision) =>
        precision == PackedPrecision.Int8 ? new SlicedPackedMatrix<short>(connections, plan) : new SlicedPackedMatrix<float>(connections, plan);
}
