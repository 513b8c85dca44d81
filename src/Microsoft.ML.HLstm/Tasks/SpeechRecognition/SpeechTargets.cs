using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Tasks.SpeechRecognition;

/// <summary>What a teacher predicts for a batch, as targets beside the transcripts.</summary>
/// <param name="Probabilities">(T, B, labels); zeros beyond an utterance's steps.</param>
/// <param name="Share">The share of the loss that the teacher decides; the transcripts decide the rest.</param>
internal sealed record SpeechTargets(Tensor Probabilities, double Share);
