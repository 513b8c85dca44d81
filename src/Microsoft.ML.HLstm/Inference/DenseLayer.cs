namespace Microsoft.ML.HLstm.Inference;

/// <summary>An affine layer: <c>y = Weight x + Bias</c>.</summary>
/// <param name="Weight">[outputs, inputs].</param>
/// <param name="Bias">[outputs]; zeros where the layer has none.</param>
internal sealed record DenseLayer(WeightMatrix Weight, float[] Bias)
{
    /// <summary>Width of what the layer reads.</summary>
    public int InputSize => Weight.Columns;

    /// <summary>Width of what the layer writes.</summary>
    public int OutputSize => Weight.Rows;
}
