using System.Text.RegularExpressions;

namespace Microsoft.ML.HLstm.Metrics.Captions;

/// <summary>
/// One kind of token: what it looks like and, in the group <c>next</c>, what must follow it. Of all rules the longest match wins,
/// what follows included; of equally long ones the first.
/// </summary>
/// <param name="Pattern">Anchored where the search starts.</param>
/// <param name="Rewrite">How the token is written, or null where it stays as it is.</param>
/// <param name="PutBack">Characters at the end that start the next token.</param>
internal sealed record PtbRule(Regex Pattern, Func<string, string>? Rewrite = null, int PutBack = 0);
