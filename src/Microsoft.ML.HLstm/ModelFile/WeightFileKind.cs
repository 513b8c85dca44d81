namespace Microsoft.ML.HLstm.ModelFile;

/// <summary>What a weight file holds. The numbers are in files: never change one, only add.</summary>
internal enum WeightFileKind : ushort
{
    /// <summary>One cell.</summary>
    Cell = 1,

    /// <summary>An encoder-decoder translation network.</summary>
    Translation = 2,

    /// <summary>A speech recogniser.</summary>
    Speech = 3,

    /// <summary>An image captioning network.</summary>
    Caption = 4,
}
