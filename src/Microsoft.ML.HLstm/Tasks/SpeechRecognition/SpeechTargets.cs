using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Tasks.SpeechRecognition;

/// <summary>What teachers predict for a batch, as targets beside the transcripts.</summary>
/// <param name="Probabilities">(T, B, labels); beyond an utterance's steps they mean nothing.</param>
/// <param name="Share">The share of the loss that the teachers decide; the transcripts decide the rest.</param>
internal sealed record SpeechTargets(Tensor Probabilities, double Share);
