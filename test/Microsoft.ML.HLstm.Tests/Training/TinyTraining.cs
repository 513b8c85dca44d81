using Microsoft.ML.HLstm.Featurizers;
using Microsoft.ML.HLstm.Networks;
using Microsoft.ML.HLstm.Tasks.Translation;
using Microsoft.ML.HLstm.Tests.Tasks.Translation;
using Microsoft.ML.HLstm.Training;
using Microsoft.ML.Runtime;
using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Tests.Training;

/// <summary>The inside of a training run on the tiny corpus, for tests that look at weights.</summary>
internal sealed class TinyTraining : IDisposable
{
    private readonly Generator _generator;
    private readonly IChannel _log;

    public TinyTraining(TranslationOptions options)
    {
        TorchRuntime.EnsureLoaded();
        Options = options;
        _generator = new Generator(3);
        IHost host = ((IHostEnvironment)new MLContext(1)).Register(nameof(TinyTraining));
        _log = host.Start("Test");
        string[] german = [.. TinyCorpus.Rows.Select(row => row.German)], english = [.. TinyCorpus.Rows.Select(row => row.English)];
        TextVocabulary source = WordVocabulary.Learn(german, false, 1), target = WordVocabulary.Learn(english, false, 1);
        Pairs = [.. TinyCorpus.Rows.Select((row, i) => new SentencePair(i, [.. source.Encode(row.German), TextVocabulary.End], target.Encode(row.English)))];
        var held = new ParallelText([.. Enumerable.Range(0, 20)], german[..20], english[..20]);
        var gates = new GateNetworkOptions(1, 12, GateActivation.LeakyRelu, false, options.GateDropout);
        Network = new TranslationNetwork(new TranslationShape(source.Count, target.Count, 10, 12, 1, 1, true, true, true, gates), options.Dropout, _generator);
        Training = new TranslationTraining(Network, Pairs, new TranslationValidation(held, weights => new TranslationModel(source, target, weights, options.MaximumLength, 0, 0), options), options);
    }

    public TranslationOptions Options { get; }

    public SentencePair[] Pairs { get; }

    public TranslationNetwork Network { get; }

    public TranslationTraining Training { get; }

    public EpochRunner Runner(ITrainableNetwork? network = null) => new(network ?? Training, Options, new Random(4), _log, 10);

    public TrainingRun Run(ITrainableNetwork? network = null, Func<IReadOnlyList<PatternCandidate>, double[]>? latency = null) =>
        new(network ?? Training, Options, new Random(4), _log, latency);

    public void Dispose()
    {
        Network.Dispose();
        _generator.Dispose();
        _log.Dispose();
    }
}
