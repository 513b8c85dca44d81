using System.Text;

namespace Microsoft.ML.HLstm.Metrics;

/// <summary>
/// Writes an alignment as scoring tools do: reference, hypothesis and edits below each other, stars where a side has nothing.
/// </summary>
internal static class AlignmentText
{
    /// <summary>Three lines without a line break at the end.</summary>
    public static string Render(IReadOnlyList<string> reference, IReadOnlyList<string> hypothesis, IReadOnlyList<EditOperation> operations)
    {
        StringBuilder referenceLine = new("REF: "), hypothesisLine = new("HYP: "), editLine = new("EVAL:");
        int i = 0, j = 0;
        foreach (EditOperation operation in operations)
        {
            string? expected = operation == EditOperation.Insertion ? null : reference[i++];
            string? found = operation == EditOperation.Deletion ? null : hypothesis[j++];
            int width = Math.Max(Width(expected), Width(found));
            Append(referenceLine, expected ?? new string('*', width), width);
            Append(hypothesisLine, found ?? new string('*', width), width);
            Append(editLine, operation == EditOperation.Correct ? "" : operation.ToString()[..1], width);
        }

        return string.Join('\n', new[] { referenceLine, hypothesisLine, editLine }.Select(line => line.ToString().TrimEnd()));
    }

    private static void Append(StringBuilder line, string token, int width) =>
        line.Append(' ').Append(token).Append(' ', width - Width(token));

    private static int Width(string? token) => token?.EnumerateRunes().Count() ?? 0;
}
