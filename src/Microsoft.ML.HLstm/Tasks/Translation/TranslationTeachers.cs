using Microsoft.ML.HLstm.Featurizers;
using Microsoft.ML.HLstm.Inference;
using Microsoft.ML.HLstm.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Tasks.Translation;

/// <summary>Trained models that predict training data together: the average of their probabilities.</summary>
internal sealed class TranslationTeachers : IDisposable
{
    private readonly (TranslationNetwork Network, SentencePair[] Pairs)[] _teachers;

    /// <summary>Makes a network of each model, and reads the sentences as each of them does.</summary>
    /// <param name="models">The models.</param>
    /// <param name="sentences">The sentences to translate.</param>
    /// <param name="pairs">The same sentences with their translations, as the network to train reads them.</param>
    /// <param name="target">The vocabulary of the translations.</param>
    /// <exception cref="ArgumentException">A model has another target vocabulary; the message says which.</exception>
    public TranslationTeachers(IReadOnlyList<TranslationModel> models, IReadOnlyList<string> sentences, SentencePair[] pairs, TextVocabulary target)
    {
        for (int i = 0; i < models.Count; i++)
            CheckVocabulary(models[i].Target, target, i);
        _teachers = [.. models.Select(model => (MakeNetwork(model.Weights), Read(model, sentences, pairs)))];
    }

    /// <summary>Probabilities (N, target vocabulary) of some rows, row after row.</summary>
    public Tensor Predict(int[] rows)
    {
        Tensor? sum = null;
        foreach ((TranslationNetwork network, SentencePair[] pairs) in _teachers)
        {
            Tensor probabilities = network.Probabilities(new TranslationBatch([.. rows.Select(row => pairs[row])]));
            sum = sum is null ? probabilities : sum.PlusInPlace(probabilities);
        }

        return sum!.DivideInPlace(_teachers.Length);
    }

    public void Dispose()
    {
        foreach ((TranslationNetwork network, _) in _teachers)
            network.Dispose();
    }

    private static TranslationNetwork MakeNetwork(TranslationWeights weights)
    {
        using var random = new Generator(0);
        var network = new TranslationNetwork(TranslationShape.Of(weights), dropout: 0, random);
        TranslationImport.Load(network, weights);
        network.eval();
        return network;
    }

    private static SentencePair[] Read(TranslationModel model, IReadOnlyList<string> sentences, SentencePair[] pairs) =>
        [.. pairs.Select((pair, i) => pair with { Source = [.. model.Source.Encode(sentences[i]).Take(model.MaximumLength), SpecialTokens.End] })];

    private static void CheckVocabulary(TextVocabulary has, TextVocabulary wanted, int teacher)
    {
        string name = $"{nameof(TranslationOptions.Teachers)}[{teacher}]";
        if (has.Count != wanted.Count)
            throw new ArgumentException($"The target vocabulary of {name} has {has.Count} entries, and that of the training data has {wanted.Count}; they must be the same.");
        for (int id = 0; id < has.Count; id++)
        {
            if (has.Marked(id) != wanted.Marked(id))
                throw new ArgumentException($"The target vocabulary of {name} has '{has.Marked(id)}' as entry {id}, and that of the training data has '{wanted.Marked(id)}'; they must be the same.");
        }
    }
}
