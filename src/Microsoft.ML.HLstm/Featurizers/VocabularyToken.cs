namespace Microsoft.ML.HLstm.Featurizers;

/// <summary>One token of an encoded sentence.</summary>
/// <param name="Id">Its id in the vocabulary; <see cref="TextVocabulary.Unknown"/> where the vocabulary has none.</param>
/// <param name="Surface">What stood in the (normalised) sentence, known or not, without the marker.</param>
internal readonly record struct VocabularyToken(int Id, string Surface);
