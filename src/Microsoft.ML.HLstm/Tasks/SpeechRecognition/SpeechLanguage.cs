using Microsoft.ML.HLstm.Inference.Ctc;

namespace Microsoft.ML.HLstm.Tasks.SpeechRecognition;

/// <summary>What a recogniser knows of the language that is spoken.</summary>
/// <param name="Alphabet">The label of each character; 0 is the blank.</param>
/// <param name="Words">The words of the training transcripts.</param>
/// <param name="Model">The language model; null if there is none.</param>
/// <param name="Priors">How often the network gives each label; null where that is not known.</param>
internal sealed record SpeechLanguage(CtcAlphabet Alphabet, IReadOnlyList<string> Words, NGramLanguageModel? Model, CtcPriors? Priors = null)
{
    /// <summary>The objective of a search.</summary>
    /// <exception cref="ArgumentException">An option is out of its range, no word can be written in the alphabet, or priors are missing.</exception>
    public CtcScorer Scorer(CtcDecodingOptions decoding) => new(Alphabet, decoding, Model, Words, Priors);
}
