namespace Microsoft.ML.HLstm;

/// <summary>The matrices of a network whose connections grow and are pruned.</summary>
[Flags]
public enum MaskedMatrices
{
    /// <summary>None: every matrix stays dense.</summary>
    None = 0,

    /// <summary>The gate networks of every recurrent layer.</summary>
    Gates = 1,

    /// <summary>The matrices of the attention, and those that carry the encoder's state or a picture's features over to the decoder.</summary>
    Attention = 2,

    /// <summary>The projection to the output classes.</summary>
    OutputProjection = 4,

    /// <summary>The embeddings.</summary>
    Embeddings = 8,

    /// <summary>All of them.</summary>
    All = Gates | Attention | OutputProjection | Embeddings,
}
