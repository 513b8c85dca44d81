namespace Microsoft.ML.HLstm.Inference.LanguageModels;

/// <summary>What a language model predicts from.</summary>
/// <param name="Tokens">The context in the n-grams of tokens.</param>
/// <param name="Classes">The context in those of their classes; 0 where there are none.</param>
internal readonly record struct NGramContext(int Tokens, int Classes);
