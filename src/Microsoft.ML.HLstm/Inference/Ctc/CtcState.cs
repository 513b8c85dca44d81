using Microsoft.ML.HLstm.Inference.LanguageModels;

namespace Microsoft.ML.HLstm.Inference.Ctc;

/// <summary>What the continuation of a transcript depends on, beside its last label.</summary>
/// <param name="Word">Node of the lexicon: 0 between words, -1 within a word that the lexicon does not have.</param>
/// <param name="Context">Context of the language model.</param>
internal readonly record struct CtcState(int Word, NGramContext Context);
