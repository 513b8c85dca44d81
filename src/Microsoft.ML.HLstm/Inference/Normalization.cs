namespace Microsoft.ML.HLstm.Inference;

/// <summary>
/// Batch normalisation (S. Ioffe, C. Szegedy, arXiv 1502.03167) with the statistics that training left, per channel or unit:
/// <c>y = Scale (x - Mean) / sqrt(Variance + Epsilon) + Shift</c>.
/// </summary>
internal sealed record Normalization
{
    /// <summary>Keeps the square root away from 0.</summary>
    public const float Epsilon = 1e-5f;

    /// <summary>What errors call it.</summary>
    public required string Name { get; init; }

    /// <summary>Learned factors.</summary>
    public required float[] Scale { get; init; }

    /// <summary>Learned terms.</summary>
    public required float[] Shift { get; init; }

    /// <summary>Running means of the training data.</summary>
    public required float[] Mean { get; init; }

    /// <summary>Running variances of the training data, at least 0.</summary>
    public required float[] Variance { get; init; }

    /// <summary>Channels or units.</summary>
    public int Count => Scale.Length;
}
