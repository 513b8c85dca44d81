using Microsoft.ML.HLstm.Training;

namespace Microsoft.ML.HLstm.Reports;

/// <summary>Checks the values of a report that was read, so that what shows it need not.</summary>
internal static class ReportCheck
{
    private const int PictureSide = ConnectionRecorder.PictureSide;

    /// <exception cref="InvalidDataException">A value is impossible; the message names it.</exception>
    public static void Check(TrainingReport report)
    {
        NoneIsNull(report.History.Epochs, "epoch");
        NoneIsNull(report.History.Decisions, "decision");
        NoneIsNull(report.Matrices, "matrix");
        NoneIsNull(report.Compaction, "line of the compaction");
        NoneIsNull(report.Options, "option");
        foreach (TrainingHistoryEntry epoch in report.History.Epochs)
            Require(epoch.ActiveConnections >= 0 && epoch.ActiveConnections <= epoch.Connections, $"epoch {epoch.Epoch} has {epoch.ActiveConnections} active connections of {epoch.Connections}");
        foreach (MatrixSummary matrix in report.Matrices)
            Check(matrix);
        foreach (CompactionSummary line in report.Compaction)
            Require(line.UnitsLeft >= 0 && line.UnitsLeft <= line.Units, $"trunk {line.Trunk} of cell '{line.Cell}' has {line.UnitsLeft} units left of {line.Units}");
    }

    private static void Check(MatrixSummary matrix)
    {
        Require(matrix.Rows > 0 && matrix.Columns > 0, $"matrix '{matrix.Name}' is {matrix.Rows} x {matrix.Columns}");
        foreach (long active in (long[])[matrix.SeededConnections, matrix.GrownConnections, matrix.ReturnedConnections])
            Require(active >= 0 && active <= (long)matrix.Rows * matrix.Columns, $"matrix '{matrix.Name}' has {active} connections and is {matrix.Rows} x {matrix.Columns}");
        Check(matrix, matrix.GrownPicture);
        Check(matrix, matrix.ReturnedPicture);
    }

    private static void Check(MatrixSummary matrix, IReadOnlyList<string> picture)
    {
        Require(picture.Count <= PictureSide, $"a picture of matrix '{matrix.Name}' has {picture.Count} rows; {PictureSide} are allowed");
        foreach (string row in picture)
            Require(row is { Length: >= 1 and <= PictureSide } && row.Length == picture[0].Length && row.All(char.IsAsciiHexDigitLower), $"a picture of matrix '{matrix.Name}' has the row '{row}'; rows of the same 1 to {PictureSide} hexadecimal digits are allowed");
    }

    private static void NoneIsNull<T>(IReadOnlyList<T> list, string what) => Require(!list.Contains(default), $"there is a {what} that is null");

    private static void Require(bool holds, string message)
    {
        if (!holds)
            throw new InvalidDataException(message);
    }
}
