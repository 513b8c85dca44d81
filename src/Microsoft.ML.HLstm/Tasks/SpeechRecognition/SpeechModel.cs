using Microsoft.ML.HLstm.Inference;
using Microsoft.ML.HLstm.ModelFile;
using Microsoft.ML.HLstm.Training;

namespace Microsoft.ML.HLstm.Tasks.SpeechRecognition;

/// <summary>A trained recogniser with its language, packed for scoring once and shared by all scorers.</summary>
internal sealed class SpeechModel
{
    /// <summary>
    /// Packs the weights. The parameters that an architecture would have with every connection active are given, because
    /// compaction takes units away.
    /// </summary>
    public SpeechModel(SpeechLanguage language, SpeechFrames frames, SpeechWeights weights, long recurrentParameters, long parameters)
    {
        (Language, Frames, Weights) = (language, frames, weights);
        Packed = new PackedSpeech(weights);
        Statistics = new ModelStatistics(recurrentParameters, weights.RecurrentParametersActive, parameters, weights.ParametersActive, weights.FlopsPerStep);
    }

    /// <summary>What the model knows of the language.</summary>
    public SpeechLanguage Language { get; }

    /// <summary>What it reads.</summary>
    public SpeechFrames Frames { get; }

    /// <summary>The weights as they were trained.</summary>
    public SpeechWeights Weights { get; }

    /// <summary>The weights as scoring reads them.</summary>
    public PackedSpeech Packed { get; }

    /// <summary>How large the model is.</summary>
    public ModelStatistics Statistics { get; }

    /// <summary>From one step to the next, in seconds; 0 where that is not known.</summary>
    public double SecondsPerStep => Weights.Convolutions.Aggregate(Frames.Seconds, (seconds, layer) => seconds * layer.StrideFrames);

    /// <summary>Tells this model from others, by alphabet, words and weights.</summary>
    public ulong Fingerprint() => DataFingerprint.Of(
        file => SpeechHeader.WriteVocabulary(file, Language), file => WeightFileWriter.Write(file, Weights, Weights.Precision));

    /// <summary>The model with its weights rounded to a precision; the model itself where it has it.</summary>
    /// <exception cref="InvalidDataException">A weight is too large for the precision.</exception>
    public SpeechModel At(WeightPrecision precision) => Weights.Precision == precision
        ? this
        : new SpeechModel(Language, Frames, Weights.At(precision), Statistics.RecurrentParameters, Statistics.Parameters);

    /// <summary>The model with another knowledge of the language.</summary>
    public SpeechModel With(SpeechLanguage language) =>
        ReferenceEquals(language, Language) ? this : new(language, Frames, Weights, Statistics.RecurrentParameters, Statistics.Parameters);
}
