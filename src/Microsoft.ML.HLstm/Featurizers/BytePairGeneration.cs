namespace Microsoft.ML.HLstm.Featurizers;

/// <summary>What a byte-pair model has learned at one time.</summary>
/// <param name="FirstSymbol">Its first symbol, which is a character.</param>
/// <param name="Characters">How many characters it has.</param>
/// <param name="FirstMerge">Its first merge.</param>
internal readonly record struct BytePairGeneration(int FirstSymbol, int Characters, int FirstMerge);
