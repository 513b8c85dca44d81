using System.Globalization;
using Microsoft.ML.HLstm.Inference;
using Microsoft.ML.HLstm.Inference.Ctc;
using Microsoft.ML.HLstm.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Tasks.SpeechRecognition;

/// <summary>A speech network with its training data and its validation.</summary>
internal sealed class SpeechTraining : TrainableNetwork, IDisposable
{
    /// <summary>What validation measures.</summary>
    public const string Metric = "WordAccuracy";

    // Where words begin and end is what a network finds that knows them: after a third of the epochs, if half of the words are right.
    private const double EpochsBeforeWords = 1 / 3.0, AccuracyBeforeWords = 50;

    private readonly SpeechNetwork _network;
    private readonly IReadOnlyList<Utterance> _utterances;
    private readonly Func<SpeechWeights, CancellationToken, double> _validate;
    private readonly Augmentation _augmentation;
    private readonly double _replacement;
    private SpeechTeachers? _teachers;
    private bool _hasTeachers;
    private WordReplacement? _words;
    private Func<Preparation, WordReplacement>? _findWords;
    private Func<BinaryReader, WordReplacement>? _readWords;
    private bool _knowsWords;
    private MutualInformation? _information;

    /// <summary>A network to train.</summary>
    /// <param name="network">The network.</param>
    /// <param name="utterances">What it is trained on.</param>
    /// <param name="validate">The word accuracy of weights, 100 (1 - WER).</param>
    /// <param name="options">The options.</param>
    /// <param name="augmentation">Decides how utterances are changed.</param>
    public SpeechTraining(SpeechNetwork network, IReadOnlyList<Utterance> utterances, Func<SpeechWeights, CancellationToken, double> validate,
        SpeechRecognitionOptions options, Random augmentation)
        : base(network, network.Cells, Groups(network), options)
    {
        (_network, _utterances, _validate, _augmentation, _replacement) = (network, utterances, validate, new Augmentation(options, network.Shape, augmentation), options.WordReplacement);
    }

    public override int Rows => _utterances.Count;

    public override string MetricName => Metric;

    public override long Length(int row) => ((long)_utterances[row].Frames.Length << 32) + _utterances[row].Labels.Length;

    public override long RowNumber(int row) => _utterances[row].Row;

    public override (Tensor Loss, int Predictions) Loss(ReadOnlySpan<int> rows)
    {
        // Views of an utterance are as fast as each other, step for step, and differ in what is masked.
        Utterance[] heard = Array.ConvertAll(rows.ToArray(), row => _network.training ? _augmentation.Change(Replaced(row)) : _utterances[row]);
        Utterance[] utterances = Views<Utterance>(heard);
        if (_network.training)
            utterances = Array.ConvertAll(utterances, _augmentation.Mask);
        var batch = new SpeechBatch(utterances, _network.Shape);
        return (_network.Loss(batch, _teachers?.Predict(new SpeechBatch(heard, _network.Shape), utterances.Length / heard.Length), ConsistencyWeight, _network.training ? _information : null), batch.Predictions);
    }

    /// <summary>True once words of utterances are replaced by others.</summary>
    public bool ReplacesWords => _words is not null;

    /// <summary>Words of utterances are replaced as soon as the network can find them.</summary>
    /// <param name="alphabet">The labels.</param>
    /// <param name="random">Decides what is replaced by what.</param>
    /// <param name="knowsWords">True for a network that can find them before it is trained.</param>
    public void ReplaceWords(CtcAlphabet alphabet, Random random, bool knowsWords)
    {
        _knowsWords = knowsWords;
        _findWords = preparation => new WordReplacement(_network, _utterances, alphabet, random, preparation);
        _readWords = reader => new WordReplacement(_utterances, _network.Shape, alphabet, random, reader);
    }

    public override string? BeforeEpoch(int done, int of, double metric, Preparation preparation)
    {
        if (_findWords is null || ReplacesWords || !(_knowsWords || (done >= EpochsBeforeWords * of && metric >= AccuracyBeforeWords)))
            return null;
        _words = _findWords(preparation);
        return string.Create(CultureInfo.InvariantCulture, $"From epoch {done + 1} on, a word of a recording is replaced by another one with a probability of {_replacement}.");
    }

    public override void WriteState(BinaryWriter writer)
    {
        writer.Write(ReplacesWords);
        _words?.Write(writer);
    }

    public override void ReadState(BinaryReader reader) => _words = reader.ReadBoolean() ? _readWords!(reader) : null;

    /// <summary>Transcripts compete with others from now on.</summary>
    public void Discriminate(MutualInformation information) => _information = information;

    public override bool HasTeachers => _hasTeachers;

    /// <summary>It learns from others from now on, to the end of the run.</summary>
    public void LearnFrom(SpeechTeachers teachers) => (_teachers, _hasTeachers) = (teachers, true);

    public override void BecomeTeacher(double share, Preparation preparation)
    {
        _teachers?.Dispose();
        _teachers = new SpeechTeachers([SpeechExport.Weights(_network)], share);
    }

    public override (double Metric, long FlopsPerStep) Validate(CancellationToken cancellationToken)
    {
        SpeechWeights weights = SpeechExport.Weights(_network);
        return (_validate(weights, cancellationToken), weights.FlopsPerStep);
    }

    public void Dispose() => _teachers?.Dispose();

    private Utterance Replaced(int row) => _words is { } words ? words.Apply(row, _replacement) : _utterances[row];

    /// <summary>The matrices beside the gates whose connections may be masked; kernels are small and used at every position.</summary>
    private static IEnumerable<(Parameter Matrix, MaskedMatrices Group)> Groups(SpeechNetwork network)
    {
        yield return (network.OutputWeight, MaskedMatrices.OutputProjection);
    }
}
