using System.Text;
using Microsoft.ML.HLstm.Inference.LanguageModels;

namespace Microsoft.ML.HLstm.ModelFile;

/// <summary>
/// A language model as bytes, little-endian:
/// <code>
/// magic 4 bytes | version u8 | unit u8 | order u8 | tokens i32 | each token: length u8, UTF-8 |
/// for each length of n-grams: count i32 | children of each shorter n-gram, as many varints as there are |
/// each n-gram: step from its left sibling's token varint, log-probability f32, below the highest order back-off f32
/// </code>
/// Version 2, where words have classes, goes on with
/// <code>
/// classes i32 | each token of the vocabulary: class varint, logarithm of its share of it f32 | the n-grams of classes as above
/// </code>
/// </summary>
internal static class LanguageModelFile
{
    private const byte Newest = 2;

    private static ReadOnlySpan<byte> Magic => "HLLM"u8;

    /// <summary>Writes a model. The stream stays open.</summary>
    public static void Write(Stream stream, NGramLanguageModel model)
    {
        using var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
        writer.Write(Magic);
        // Without classes, programs that know none still read it.
        writer.Write((byte)(model.WordClasses is null ? 1 : 2));
        writer.Write((byte)model.Unit);
        writer.Write((byte)model.Order);
        writer.Write(model.VocabularySize);
        for (int token = 0; token < model.VocabularySize; token++)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(model.Vocabulary[token]);
            writer.Write((byte)bytes.Length);
            writer.Write(bytes);
        }

        for (int length = 1; length <= model.Order; length++)
            Write(writer, model.Table, length);
        if (model.WordClasses is not { } classes)
            return;
        writer.Write(model.Classes);
        for (int token = 0; token < model.VocabularySize; token++)
        {
            writer.Write7BitEncodedInt(classes.OfToken[token]);
            writer.Write(classes.LogShares[token]);
        }

        for (int length = 1; length <= model.Order; length++)
            Write(writer, classes.Table, length);
    }

    private static void Write(BinaryWriter writer, NGramTable table, int length)
    {
        (int first, int end) = table.Level(length);
        writer.Write(end - first);
        (int firstParent, int endParent) = table.Level(length - 1);
        for (int parent = firstParent; parent < endParent; parent++)
        {
            (int child, int last) = table.Children(parent);
            writer.Write7BitEncodedInt(last - child);
        }

        for (int parent = firstParent; parent < endParent; parent++)
        {
            int previous = -1;
            (int child, int last) = table.Children(parent);
            for (; child < last; child++)
            {
                writer.Write7BitEncodedInt(table.Token(child) - previous);
                previous = table.Token(child);
                writer.Write(table.LogProbability(child));
                if (length < table.Order)
                    writer.Write(table.BackOff(child));
            }
        }
    }

    /// <summary>Reads what <see cref="Write(Stream, NGramLanguageModel)"/> wrote.</summary>
    /// <param name="stream">Positioned at the first byte; nothing may follow the model. Stays open.</param>
    /// <param name="streamName">What errors call it.</param>
    /// <exception cref="ModelFormatException">The bytes are damaged, cut short or of a newer version.</exception>
    public static NGramLanguageModel Read(Stream stream, string streamName = "language model") => Read(BoundedReader.OfAll(stream, streamName));

    /// <summary>Reads what <see cref="Write(Stream, NGramLanguageModel)"/> wrote.</summary>
    /// <param name="bytes">All of it, and nothing else.</param>
    /// <param name="streamName">What errors call it.</param>
    /// <exception cref="ModelFormatException">The bytes are damaged, cut short or of a newer version.</exception>
    public static NGramLanguageModel Read(ReadOnlyMemory<byte> bytes, string streamName = "language model") => Read(new BoundedReader(bytes, 0, streamName));

    private static NGramLanguageModel Read(BoundedReader reader)
    {
        if (!reader.Take(Magic.Length, "The mark of the format").SequenceEqual(Magic))
            reader.Fail("The language model does not begin with the mark of this format");
        byte version = reader.Byte("The format version");
        if (version is 0 or > Newest)
            reader.Fail($"The language model has format version {version}; this program reads versions 1 to {Newest}");
        var unit = (LanguageModelUnit)reader.Byte("The unit");
        if (!Enum.IsDefined(unit))
            reader.Fail($"The unit is {unit}; 0 (word) and 1 (character) are known");
        int order = reader.Byte("The order");
        if (order is 0 or > NGramLanguageModel.MaximumOrder)
            reader.Fail($"The order is {order}; 1 to {NGramLanguageModel.MaximumOrder} is allowed");

        NGramVocabulary vocabulary = Vocabulary(reader);
        NGramTable table = Table(reader, vocabulary.Count, order);
        NGramClasses? classes = version > 1 ? Classes(reader, vocabulary, order) : null;
        reader.End();
        return new NGramLanguageModel(unit, vocabulary, table, classes);
    }

    private static NGramClasses Classes(BoundedReader reader, NGramVocabulary tokens, int order)
    {
        int count = reader.Count("The number of classes", bytesEach: 1);
        if (count is 0 or > NGramLanguageModel.MaximumClasses)
            reader.Fail($"The number of classes is {count}; 1 to {NGramLanguageModel.MaximumClasses} is allowed");
        NGramVocabulary vocabulary = NGramClasses.MakeVocabulary(count);
        int[] ofToken = new int[tokens.Count];
        float[] logShares = new float[tokens.Count];
        for (int token = 0; token < tokens.Count; token++)
        {
            (ofToken[token], logShares[token]) = (reader.Varint("The class of a token"), reader.Single("A share of a class"));
            if (ofToken[token] >= vocabulary.Count || !(logShares[token] <= 0) || !float.IsFinite(logShares[token]))
                reader.Fail($"Token {token} has class {ofToken[token]} and the logarithm {logShares[token]} for its share; 0 to {vocabulary.Count - 1} and a number of at most 0 are expected");
        }

        return new NGramClasses(ofToken, logShares, vocabulary, Table(reader, vocabulary.Count, order));
    }

    private static NGramTable Table(BoundedReader reader, int tokens, int order)
    {
        var table = new NGramTable();
        for (int length = 1; length <= order; length++)
            table.AppendLevel(Level(reader, tokens, table, length, order));
        return table;
    }

    private static NGramVocabulary Vocabulary(BoundedReader reader)
    {
        int count = reader.Count("The number of tokens", bytesEach: 2);
        if (count > NGramVocabulary.MaximumCount)
            reader.Fail($"The number of tokens is {count}; at most {NGramVocabulary.MaximumCount} is allowed");
        var vocabulary = new NGramVocabulary();
        for (int token = 0; token < count; token++)
        {
            string text = reader.Name($"Token {token}");
            if (vocabulary.Add(text) != token)
                reader.Fail($"The token '{text}' is there twice");
        }

        foreach (string needed in NGramVocabulary.Reserved)
        {
            if (!vocabulary.TryFind(needed, out _))
                reader.Fail($"The vocabulary lacks {needed}");
        }

        return vocabulary;
    }

    private static NGramEntry[] Level(BoundedReader reader, int tokens, NGramTable table, int length, int order)
    {
        int count = reader.Count($"The number of {length}-grams", bytesEach: 1 + sizeof(float));
        if (length == 1 && count != tokens)
            reader.Fail($"The number of 1-grams is {count}; {tokens}, the number of tokens, is expected");
        (int first, int end) = table.Level(length - 1);
        int[] children = new int[end - first];
        long total = 0;
        for (int i = 0; i < children.Length; i++)
            total += children[i] = reader.Varint($"The number of continuations of a {length - 1}-gram");
        if (total != count)
            reader.Fail($"The {length - 1}-grams have {total} continuations; {count} are expected");

        var entries = new NGramEntry[count];
        int next = 0;
        for (int i = 0; i < children.Length; i++)
        {
            long token = -1;
            for (int child = 0; child < children[i]; child++)
            {
                int step = reader.Varint("The step to a token");
                token += step;
                if (step == 0 || token >= tokens)
                    reader.Fail($"A {length}-gram has token {token} after a step of {step}; steps are 1 or more, tokens 0 to {tokens - 1}");
                float logProbability = reader.Single("A log-probability");
                float backOff = length < order ? reader.Single("A back-off weight") : 0;
                if (!(logProbability <= 0) || !float.IsFinite(logProbability) || !float.IsFinite(backOff))
                    reader.Fail($"A {length}-gram has log-probability {logProbability} and back-off weight {backOff}; numbers are expected, the first at most 0");
                entries[next++] = new NGramEntry(first + i, (int)token, logProbability, backOff);
            }
        }

        return entries;
    }
}
