using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.HLstm.ModelFile;
using Microsoft.ML.HLstm.Tests.ModelFile;
using Microsoft.ML.Runtime;

[assembly: LoadableClass("Reverses texts", typeof(ReversingTransformer), null, typeof(SignatureLoadModel),
    "Reversing transformer", ReversingTransformer.LoaderSignature)]

namespace Microsoft.ML.HLstm.Tests.ModelFile;

/// <summary>The smallest transformer with everything: writes a text backwards, with a score, in all types of columns.</summary>
internal sealed class ReversingTransformer : SequenceTransformerBase
{
    internal const string LoaderSignature = "TestReversing";
    private const int CurrentFormat = 1;
    private readonly float[] _weights;
    private readonly uint _format;
    private int _scorers, _rows, _most;

    internal ReversingTransformer(IHostEnvironment env, string output, string input, float[] weights, uint format = CurrentFormat)
        : base(env.Register(nameof(ReversingTransformer)), MakeColumns(input, output, output + "Score", output + "Letters", output + "Codes"))
    {
        _weights = weights;
        _format = format;
    }

    private ReversingTransformer(IHost host, string[] names, float[] weights)
        : base(host, MakeColumns(names))
    {
        _weights = weights;
        _format = CurrentFormat;
    }

    /// <summary>A text that is refused.</summary>
    internal const string Impossible = "impossible";

    /// <summary>Rows that a scorer takes together.</summary>
    internal int RowsTogether { get; init; } = 4;

    /// <summary>Most rows that were scored together.</summary>
    internal int MostTogether => _most;

    /// <summary>How many scorers were made, and how many rows they scored.</summary>
    internal (int Scorers, int Rows) Work => (_scorers, _rows);

    private protected override VersionInfo Version => VersionOf(_format);

    internal static SequenceColumns MakeColumns(params string[] names) => new(
        [new InputColumn("source", names[0], TextDataViewType.Instance)],
        [
            new OutputColumn(names[1], TextDataViewType.Instance, new Dictionary<string, string> { ["Direction"] = "backwards" }),
            new OutputColumn(names[2], NumberDataViewType.Single),
            new OutputColumn(names[3], new VectorDataViewType(TextDataViewType.Instance)),
            new OutputColumn(names[4], new VectorDataViewType(NumberDataViewType.Single)),
        ]);

    internal override SequenceScorer CreateScorer()
    {
        Interlocked.Increment(ref _scorers);
        return new Scorer(this);
    }

    private protected override void WriteSettings(BinaryWriter writer) => writer.Write(_weights.Length);

    private protected override void SaveStreams(ModelSaveContext ctx) => SaveStream(ctx, "Weights", stream =>
    {
        foreach (float weight in _weights)
            stream.Write(BitConverter.GetBytes(weight));
    });

    private static VersionInfo VersionOf(uint format) =>
        MakeVersion(typeof(ReversingTransformer), "TESTREVR", format, format, 1, LoaderSignature);

    // Found by ML.NET by its name.
    private static ReversingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        IHost host = env.Register(nameof(ReversingTransformer));
        string[] names = LoadColumnNames(ctx, VersionOf(CurrentFormat), count: 5);
        int count = ctx.Reader.ReadInt32();
        return new ReversingTransformer(host, names, LoadStream(ctx, "Weights", stream =>
        {
            byte[] bytes = new byte[sizeof(float)];
            float[] weights = new float[count];
            for (int i = 0; i < count; i++)
            {
                stream.ReadExactly(bytes);
                weights[i] = BitConverter.ToSingle(bytes);
            }
            return weights;
        }));
    }

    private sealed class Scorer(ReversingTransformer parent) : SequenceScorer
    {
        public override int MostRowsTogether => parent.RowsTogether;

        public override void ScoreTogether(IReadOnlyList<ScorerInputs> inputs, IReadOnlyList<ScorerOutputs> outputs)
        {
            parent._most = Math.Max(parent._most, inputs.Count);
            base.ScoreTogether(inputs, outputs);
        }

        public override void Score(ScorerInputs inputs, ScorerOutputs outputs)
        {
            if (inputs.Text(0).Span.SequenceEqual(Impossible))
                throw new InvalidDataException("This row cannot be scored.");
            Interlocked.Increment(ref parent._rows);
            string text = inputs.Text(0).ToString();
            if (text.Length == 0)
                return; // leaves every output missing
            string reversed = string.Concat(text.Reverse());
            outputs.SetText(0, reversed);
            outputs.SetSingle(1, text.Sum(letter => parent._weights[letter % parent._weights.Length]));
            outputs.SetTexts(2, [.. reversed.Select(letter => letter.ToString().AsMemory())]);
            outputs.SetSingles(3, [.. reversed.Select(letter => (float)letter)]);
        }
    }
}
