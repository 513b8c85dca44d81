namespace Microsoft.ML.HLstm.Metrics;

[TestClass]
public class EditDistanceTests
{
    [TestMethod]
    [DataRow("kitten", "sitting", 3)] // the classic ones
    [DataRow("saturday", "sunday", 3)]
    [DataRow("intention", "execution", 5)] // Jurafsky and Martin, Speech and Language Processing, 2.5, all edits costing 1
    [DataRow("", "abc", 3)]
    [DataRow("abc", "", 3)]
    [DataRow("", "", 0)]
    [DataRow("abc", "abc", 0)]
    public void KnownDistances(string reference, string hypothesis, int expected)
    {
        Assert.AreEqual(expected, EditDistance.Count<char>(reference, hypothesis).Edits);
        Assert.AreEqual(expected, EditDistance.Align<char>(reference, hypothesis).Count(operation => operation != EditOperation.Correct));
    }

    [TestMethod]
    public void OfEquallyShortAlignmentsOneWithTheMostCorrectTokensIsTaken()
    {
        // Two substitutions would be as few edits.
        Assert.AreEqual(new ErrorCounts(1, 0, 1, 1), EditDistance.Count<char>("ab", "bc"));
        CollectionAssert.AreEqual(
            new[] { EditOperation.Deletion, EditOperation.Correct, EditOperation.Insertion },
            EditDistance.Align<char>("ab", "bc"));
    }

    [TestMethod]
    public void TheSameInputsGiveTheSameAlignment()
    {
        // Any one of the three could be the deleted one; read from the end the diagonal comes first.
        CollectionAssert.AreEqual(
            new[] { EditOperation.Deletion, EditOperation.Correct, EditOperation.Correct },
            EditDistance.Align<char>("aaa", "aa"));
    }

    [TestMethod]
    public void RandomStringsAgreeWithTheRecursiveDefinition()
    {
        var random = new Random(1);
        for (int trial = 0; trial < 300; trial++)
        {
            string a = Word(random), b = Word(random);
            (int edits, int substitutions) = Naive(a, b);
            ErrorCounts counts = EditDistance.Count<char>(a, b);
            Assert.AreEqual(edits, counts.Edits, $"'{a}' '{b}'");
            Assert.AreEqual(substitutions, counts.Substitutions, $"'{a}' '{b}'");
            Assert.AreEqual(a.Length, counts.ReferenceLength);
            Assert.AreEqual(b.Length, counts.HypothesisLength);

            // The other way round the same edits do the opposite.
            ErrorCounts back = EditDistance.Count<char>(b, a);
            Assert.AreEqual(new ErrorCounts(counts.Correct, counts.Substitutions, counts.Insertions, counts.Deletions), back);

            EditOperation[] operations = EditDistance.Align<char>(a, b);
            Assert.AreEqual(b, Apply(a, b, operations), $"'{a}' '{b}'");
            Assert.AreEqual(counts, new ErrorCounts(Number(operations, EditOperation.Correct), Number(operations, EditOperation.Substitution), Number(operations, EditOperation.Deletion), Number(operations, EditOperation.Insertion)));
        }
    }

    [TestMethod]
    public void TheTriangleInequalityHolds()
    {
        var random = new Random(2);
        for (int trial = 0; trial < 300; trial++)
        {
            string a = Word(random), b = Word(random), c = Word(random);
            Assert.IsLessThanOrEqualTo(
                EditDistance.Count<char>(a, b).Edits + EditDistance.Count<char>(b, c).Edits,
                EditDistance.Count<char>(a, c).Edits);
        }
    }

    private static string Word(Random random) => new([.. Enumerable.Range(0, random.Next(8)).Select(_ => "abc"[random.Next(3)])]);

    private static long Number(EditOperation[] operations, EditOperation wanted) => operations.Count(operation => operation == wanted);

    /// <summary>The fewest edits, and among them the fewest substitutions, by trying everything.</summary>
    private static (int Edits, int Substitutions) Naive(string a, string b)
    {
        if (a.Length == 0 || b.Length == 0)
            return (a.Length + b.Length, 0);
        (int edits, int substitutions) = Naive(a[1..], b[1..]);
        int different = a[0] == b[0] ? 0 : 1;
        (int Edits, int Substitutions) deleted = Naive(a[1..], b), inserted = Naive(a, b[1..]);
        return new[]
        {
            (edits + different, substitutions + different), (deleted.Edits + 1, deleted.Substitutions), (inserted.Edits + 1, inserted.Substitutions),
        }.Min();
    }

    private static string Apply(string a, string b, EditOperation[] operations)
    {
        string result = "";
        int i = 0;
        foreach (EditOperation operation in operations)
        {
            if (operation == EditOperation.Correct)
                result += a[i];
            else if (operation != EditOperation.Deletion)
                result += b[result.Length];
            if (operation != EditOperation.Insertion)
                i++;
        }

        Assert.AreEqual(a.Length, i);
        return result;
    }
}
