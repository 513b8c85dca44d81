using Microsoft.ML.HLstm.GrowAndPrune;

namespace Microsoft.ML.HLstm.Training;

/// <summary>Keeps, for the report, how many connections every masked matrix has at three points of a run, and pictures of gates.</summary>
internal sealed class ConnectionRecorder
{
    /// <summary>Side of a picture in digits at most.</summary>
    public const int PictureSide = 64;

    private const string Gates = "ifgo";

    private readonly List<Part> _parts = [];
    private long[] _seeded = [], _grown = [], _returned = [];
    private string[][] _grownPictures = [], _returnedPictures = [];

    public ConnectionRecorder(IReadOnlyList<TrainedParameter> parameters, SequenceTrainerOptions options)
    {
        bool shared = options.GateHiddenLayers > 0 && options.ShareGateHidden;
        foreach (TrainedParameter parameter in parameters)
        {
            if (parameter.Matrix is not { } matrix)
                continue;
            bool gates = (parameter.Group & MaskedMatrices.Gates) != 0;
            // The gates' first layers are one below the other in one matrix.
            int parts = gates && !shared && matrix.Blocks == 1 && matrix.Rows % Gates.Length == 0 ? Gates.Length : matrix.Blocks;
            for (int part = 0; part < parts; part++)
                _parts.Add(new Part(matrix, parameter.Group, gates && parts == Gates.Length ? Gates[part].ToString() : "", part * (matrix.Count / parts), matrix.Blocks * matrix.Rows / parts));
        }
    }

    /// <summary>Connections are as training begins with them.</summary>
    public void Seeded() => _seeded = Counts();

    /// <summary>Growth is over.</summary>
    public void Grown() => (_grown, _grownPictures) = (Counts(), Pictures());

    /// <summary>The network is the one that is returned.</summary>
    public void Returned() => (_returned, _returnedPictures) = (Counts(), Pictures());

    /// <summary>What was kept; a run that was cancelled while it grew counts as it was when it ended.</summary>
    public IReadOnlyList<MatrixSummary> Summaries()
    {
        bool grown = _grown.Length > 0;
        return [.. _parts.Select((part, i) => new MatrixSummary(part.Matrix.Name, part.Gate, part.Group, part.Matrix.Pattern, part.Rows, part.Matrix.Columns,
            _seeded[i], grown ? _grown[i] : _returned[i], _returned[i])
        {
            GrownPicture = grown ? _grownPictures[i] : _returnedPictures[i],
            ReturnedPicture = _returnedPictures[i],
        })];
    }

    /// <summary>Writes what there is before the run has ended.</summary>
    public void Write(BinaryWriter writer)
    {
        foreach (long[] counts in (long[][])[_seeded, _grown])
        {
            writer.Write(counts.Length);
            foreach (long count in counts)
                writer.Write(count);
        }

        writer.Write(_grownPictures.Length);
        foreach (string[] picture in _grownPictures)
        {
            writer.Write(picture.Length);
            foreach (string row in picture)
                writer.Write(row);
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public void Read(BinaryReader reader)
    {
        (_seeded, _grown) = (Numbers(), Numbers());
        _grownPictures = new string[reader.ReadInt32()][];
        for (int i = 0; i < _grownPictures.Length; i++)
            _grownPictures[i] = [.. Enumerable.Range(0, reader.ReadInt32()).Select(_ => reader.ReadString())];

        long[] Numbers() => [.. Enumerable.Range(0, reader.ReadInt32()).Select(_ => reader.ReadInt64())];
    }

    private long[] Counts() => [.. _parts.Select(part => (long)part.Mask.Count(1f))];

    private string[][] Pictures() => [.. _parts.Select(part => (part.Group & MaskedMatrices.Gates) != 0 ? Picture(part) : [])];

    private static string[] Picture(Part part)
    {
        int columns = part.Matrix.Columns, height = Math.Min(part.Rows, PictureSide), width = Math.Min(columns, PictureSide);
        ReadOnlySpan<float> mask = part.Mask;
        var active = new int[height * width];
        var all = new int[height * width];
        for (int i = 0; i < mask.Length; i++)
        {
            // Whatever does not divide evenly makes some cells larger by one row or column.
            int cell = (int)((long)(i / columns) * height / part.Rows) * width + (int)((long)(i % columns) * width / columns);
            all[cell]++;
            active[cell] += mask[i] != 0 ? 1 : 0;
        }

        return [.. Enumerable.Range(0, height).Select(row => string.Create(width, row * width, (digits, first) =>
        {
            for (int i = 0; i < digits.Length; i++)
                digits[i] = Digit(active[first + i], all[first + i]);
        }))];
    }

    /// <summary>0 and f say none and all, without rounding.</summary>
    private static char Digit(int active, int all) =>
        "0123456789abcdef"[active == 0 ? 0 : active == all ? 15 : Math.Clamp((int)Math.Round(15.0 * active / all), 1, 14)];

    private sealed record Part(MaskedMatrix Matrix, MaskedMatrices Group, string Gate, int First, int Rows)
    {
        public ReadOnlySpan<float> Mask => Matrix.Mask.AsSpan(First, Rows * Matrix.Columns);
    }
}
