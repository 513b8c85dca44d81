using System.Globalization;

namespace Microsoft.ML.HLstm.Inference.LanguageModels;

/// <summary>Writes a language model in the ARPA format, with as many digits as give the same numbers when read.</summary>
internal static class ArpaWriter
{
    /// <summary>Writes everything from <c>\data\</c> to <c>\end\</c>.</summary>
    public static void Write(TextWriter writer, NGramVocabulary vocabulary, NGramTable table)
    {
        writer.Write("\\data\\\n");
        for (int length = 1; length <= table.Order; length++)
            writer.Write($"ngram {length}={table.Level(length).End - table.Level(length).First}\n");
        for (int length = 1; length <= table.Order; length++)
        {
            writer.Write($"\n\\{length}-grams:\n");
            Section(writer, vocabulary, table, length);
        }

        writer.Write("\n\\end\\\n");
    }

    private static void Section(TextWriter writer, NGramVocabulary vocabulary, NGramTable table, int length)
    {
        string[] tokens = new string[length];
        int depth = 0;
        Visit(0);

        void Visit(int parent)
        {
            (int first, int end) = table.Children(parent);
            for (int node = first; node < end; node++)
            {
                tokens[depth] = vocabulary[table.Token(node)];
                if (++depth < length)
                    Visit(node);
                else
                    Line(node);
                depth--;
            }
        }

        void Line(int node)
        {
            writer.Write(Text(table.LogProbability(node)));
            writer.Write('\t');
            writer.Write(string.Join(' ', tokens));
            if (length < table.Order)
            {
                writer.Write('\t');
                writer.Write(Text(table.BackOff(node)));
            }

            writer.Write('\n');
        }
    }

    private static string Text(float value) => value.ToString("R", CultureInfo.InvariantCulture);
}
