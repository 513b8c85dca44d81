using System.Text;
using Microsoft.ML.HLstm.Inference;
using Microsoft.ML.HLstm.Inference.Ctc;
using Microsoft.ML.HLstm.ModelFile;

namespace Microsoft.ML.HLstm.Tasks.SpeechRecognition;

/// <summary>The small values of a saved recogniser, and its alphabet with its words. Everything read is checked.</summary>
internal sealed record SpeechHeader(
    SpeechFrames Frames, long RecurrentParameters, long Parameters, WeightPrecision Precision, bool HasLanguageModel, CtcDecodingOptions Decoding)
{
    /// <summary>The newest format of these values.</summary>
    public const uint NewestFormat = 2;

    private const string Vocabulary = "Vocabulary";

    /// <summary>The oldest format that has room for a search, so that programs that know no newer one still read what they can do.</summary>
    public static uint Format(CtcDecodingOptions decoding) => decoding.PriorWeight > 0 ? 2u : 1u;

    /// <summary>Writes the values.</summary>
    public static void Write(BinaryWriter writer, SpeechModel model, CtcDecodingOptions decoding)
    {
        writer.Write(model.Frames.Width);
        writer.Write(model.Frames.Seconds);
        writer.Write(model.Statistics.RecurrentParameters);
        writer.Write(model.Statistics.Parameters);
        writer.Write((int)model.Weights.Precision);
        writer.Write(model.Language.Model is not null);
        writer.Write(decoding.BeamWidth);
        writer.Write(decoding.Alternatives);
        writer.Write(decoding.LanguageModelWeight);
        writer.Write(decoding.WordBonus);
        writer.Write(decoding.CharacterBonus);
        writer.Write(decoding.UnknownWordPenalty);
        writer.Write(decoding.RestrictToWordList);
        writer.Write(decoding.MinimumProbability);
        writer.Write(decoding.PruningThreshold);
        if (Format(decoding) > 1)
            writer.Write(decoding.PriorWeight);
    }

    /// <summary>Reads the values.</summary>
    /// <param name="reader">The file.</param>
    /// <param name="format">The format that they were written in.</param>
    /// <exception cref="ArgumentException">One is out of its range.</exception>
    /// <exception cref="EndOfStreamException">The file ends.</exception>
    public static SpeechHeader Read(BinaryReader reader, uint format)
    {
        var header = new SpeechHeader(new SpeechFrames(reader.ReadInt32(), reader.ReadDouble()), reader.ReadInt64(), reader.ReadInt64(),
            (WeightPrecision)reader.ReadInt32(), reader.ReadBoolean(), new CtcDecodingOptions
            {
                BeamWidth = reader.ReadInt32(),
                Alternatives = reader.ReadInt32(),
                LanguageModelWeight = reader.ReadDouble(),
                WordBonus = reader.ReadDouble(),
                CharacterBonus = reader.ReadDouble(),
                UnknownWordPenalty = reader.ReadDouble(),
                RestrictToWordList = reader.ReadBoolean(),
                MinimumProbability = reader.ReadDouble(),
                PruningThreshold = reader.ReadDouble(),
                PriorWeight = format > 1 ? reader.ReadDouble() : 0,
            });
        OptionChecks.InRange(header.Frames.Width, 1, int.MaxValue, "FrameWidth");
        OptionChecks.InRange(header.Frames.Seconds, 0, 1e6, "SecondsPerFrame");
        OptionChecks.Defined(header.Precision, nameof(Precision));
        header.Decoding.Validate();
        return header;
    }

    /// <summary>Writes the alphabet, without the blank, and the words.</summary>
    public static void WriteVocabulary(Stream stream, SpeechLanguage language)
    {
        using var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
        writer.Write(language.Alphabet.Count - 1);
        for (int label = 1; label < language.Alphabet.Count; label++)
            writer.Write(language.Alphabet[label]);
        writer.Write(language.Words.Count);
        foreach (string word in language.Words)
            writer.Write(word);
    }

    /// <summary>Reads them.</summary>
    /// <exception cref="ModelFormatException">They are damaged.</exception>
    public static (CtcAlphabet Alphabet, string[] Words) ReadVocabulary(Stream stream)
    {
        BoundedReader reader = BoundedReader.OfAll(stream, Vocabulary);
        string[] symbols = Texts(reader, "character"), words = Texts(reader, "word");
        reader.End();
        try
        {
            return (new CtcAlphabet(["", .. symbols]), words);
        }
        catch (ArgumentException error)
        {
            throw new ModelFormatException(error.Message, Vocabulary, 0, error);
        }
    }

    /// <summary>Writes how often the network gives each label.</summary>
    public static void WritePriors(Stream stream, CtcPriors priors)
    {
        using var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
        foreach (float logProbability in priors.LogProbabilities)
            writer.Write(logProbability);
    }

    /// <summary>Reads it, to the end of the stream.</summary>
    /// <exception cref="ModelFormatException">A number is not the logarithm of a probability, or the stream ends within one.</exception>
    public static CtcPriors ReadPriors(Stream stream)
    {
        BoundedReader reader = BoundedReader.OfAll(stream, "Priors");
        var logProbabilities = new List<float>();
        while (reader.Remaining > 0)
        {
            float logProbability = reader.Single("The logarithm of how often a label comes");
            if (!(logProbability <= 0) || !float.IsFinite(logProbability))
                reader.Fail($"The logarithm of how often label {logProbabilities.Count} comes is {logProbability}; finite numbers of at most 0 are allowed");
            logProbabilities.Add(logProbability);
        }

        return new CtcPriors([.. logProbabilities]);
    }

    /// <summary>Puts the parts together.</summary>
    /// <exception cref="ModelFormatException">They are not of one model.</exception>
    public SpeechModel MakeModel(SpeechLanguage language, SpeechWeights weights)
    {
        Same("labels", language.Alphabet.Count, weights.Output.Weight.Rows);
        if (language.Priors is { } priors)
            Same("priors", priors.LogProbabilities.Length, weights.Output.Weight.Rows);
        Same("numbers of a frame", Frames.Width, weights.FrameWidth);
        Same("precision", Precision, weights.Precision);
        return new SpeechModel(language, Frames, weights, RecurrentParameters, Parameters);
    }

    private static void Same<T>(string what, T model, T weights)
    {
        if (!Equals(model, weights))
            throw new ModelFormatException($"The model has '{what}' = {model}, its weights {weights}; they must be equal.", "Weights", 0);
    }

    private static string[] Texts(BoundedReader reader, string what)
    {
        var texts = new string[reader.Count($"The number of {what}s", bytesEach: 1)];
        for (int i = 0; i < texts.Length; i++)
        {
            texts[i] = Encoding.UTF8.GetString(reader.Take(reader.Varint($"The length of {what} {i}"), $"The {what} {i}"));
            if (texts[i].Length == 0)
                reader.Fail($"The {what} {i} is empty; at least one character is needed");
        }

        return texts;
    }
}
