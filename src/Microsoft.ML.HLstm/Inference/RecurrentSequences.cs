namespace Microsoft.ML.HLstm.Inference;

/// <summary>Sequences that a recurrent layer reads, behind each other, and where its outputs go.</summary>
/// <param name="Starts">[<paramref name="Count"/> + 1]: the first position of each sequence.</param>
/// <param name="Count">Sequences.</param>
/// <param name="Inputs">[all positions, I].</param>
/// <param name="Outputs">[all positions, <paramref name="Width"/>]; each direction writes its part.</param>
/// <param name="Width">Of all directions.</param>
/// <param name="FinalHidden">[sequences, <paramref name="Width"/>]: hidden states after the last step, or nothing.</param>
/// <param name="FinalCell">[sequences, <paramref name="Width"/>]: cell states after the last step, or nothing.</param>
internal readonly record struct RecurrentSequences(
    int[] Starts, int Count, float[] Inputs, float[] Outputs, int Width, float[]? FinalHidden = null, float[]? FinalCell = null)
{
    /// <summary>Steps of a sequence.</summary>
    public int Length(int sequence) => Starts[sequence + 1] - Starts[sequence];

    /// <summary>The position that a direction reads in a step, -1 after its last one.</summary>
    public int Position(int sequence, int step, bool backward)
    {
        int length = Length(sequence);
        return step >= length ? -1 : Starts[sequence] + (backward ? length - 1 - step : step);
    }
}
