using Microsoft.ML.HLstm.Inference;
using Microsoft.ML.HLstm.Inference.Ctc;
using Microsoft.ML.HLstm.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Tasks.SpeechRecognition;

/// <summary>
/// Trained networks that hear what a network is trained on, and which it learns from beside the transcripts (G. Hinton, O. Vinyals, J. Dean,
/// arXiv 1503.02531): the average of their probabilities. They hear every batch as it was changed, so that their answers fit it, but
/// before parts of it are masked.
/// </summary>
internal sealed class SpeechTeachers : IDisposable
{
    private readonly SpeechNetwork[] _networks;
    private readonly double _share;

    /// <summary>Makes a network of each.</summary>
    /// <param name="weights">Their weights.</param>
    /// <param name="share">The share of the loss that they decide; the transcripts decide the rest.</param>
    public SpeechTeachers(IEnumerable<SpeechWeights> weights, double share)
    {
        _networks = [.. weights.Select(MakeNetwork)];
        _share = share;
    }

    /// <summary>Refuses models that answer with other labels, or at other steps, than a network to train.</summary>
    /// <exception cref="ArgumentException">A model does not fit; the message says which and why.</exception>
    public static void Check(IReadOnlyList<SpeechModel> models, CtcAlphabet alphabet, SpeechShape shape)
    {
        for (int i = 0; i < models.Count; i++)
        {
            string name = $"{nameof(SpeechRecognitionOptions.Teachers)}[{i}]";
            SpeechShape has = SpeechShape.Of(models[i].Weights);
            Same($"frames of {name} have", has.FrameWidth, shape.FrameWidth, "numbers", "those of the training data");
            Same($"strides of the convolutions of {name} make a step of", has.Stride, shape.Stride, "frames", "those of the options");
            Same($"alphabet of {name} has", Symbols(models[i].Language.Alphabet), Symbols(alphabet), "as symbols", "that of the training data");
        }
    }

    /// <summary>What they predict for a batch, so many times over.</summary>
    public SpeechTargets Predict(SpeechBatch batch, int views = 1)
    {
        using IDisposable quiet = no_grad();
        Tensor? sum = null;
        foreach (SpeechNetwork network in _networks)
        {
            Tensor probabilities = network.LogProbabilities(batch).exp_();
            sum = sum is null ? probabilities : sum.PlusInPlace(probabilities);
        }

        return new SpeechTargets(sum!.DivideInPlace(_networks.Length).repeat(1, views, 1), _share);
    }

    public void Dispose()
    {
        foreach (SpeechNetwork network in _networks)
            network.Dispose();
    }

    private static SpeechNetwork MakeNetwork(SpeechWeights weights)
    {
        using var random = new Generator(0);
        var network = new SpeechNetwork(SpeechShape.Of(weights), dropout: 0, random);
        SpeechImport.Load(network, weights);
        network.eval();
        return network;
    }

    private static void Same<T>(string what, T has, T wanted, string unit, string whose)
    {
        if (!Equals(has, wanted))
            throw new ArgumentException($"The {what} '{has}' {unit}, and {whose} '{wanted}'; they must be the same.");
    }

    private static string Symbols(CtcAlphabet alphabet) => string.Join(' ', Enumerable.Range(0, alphabet.Count).Select(label => alphabet[label]));
}
