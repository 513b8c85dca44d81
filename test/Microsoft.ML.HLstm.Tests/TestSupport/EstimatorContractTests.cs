using Microsoft.ML.Transforms.Text;

namespace Microsoft.ML.HLstm.Tests.TestSupport;

/// <summary>The contract itself: ML.NET's own estimators keep it, and whoever breaks it is found out.</summary>
[TestClass]
public sealed class EstimatorContractTests
{
    private sealed record Line(string Text, float Number);

    private sealed record Number(float Text);

    private readonly MLContext _ml = new(seed: 1);

    private IDataView Lines => _ml.Data.LoadFromEnumerable<Line>([new("Ab c", 1), new("", 2), new("Déjà VU", float.NaN)]);

    private IDataView Numbers => _ml.Data.LoadFromEnumerable<Number>([new(1)]);

    [TestMethod]
    public void Check_HoldsForNormalizingText() =>
        EstimatorContract.Check(_ml, _ml.Transforms.Text.NormalizeText("Out", "Text"), Lines, Numbers);

    [TestMethod]
    public void Check_HoldsForTokenizing() =>
        EstimatorContract.Check(_ml, _ml.Transforms.Text.TokenizeIntoWords("Out", "Text"), Lines, Numbers);

    [TestMethod]
    public void Check_HoldsForHashedWords() => EstimatorContract.Check(_ml, _ml.Transforms.Text.NormalizeText("Out", "Text")
        .Append(_ml.Transforms.Text.ProduceHashedWordBags("Bags", "Out", numberOfBits: 4)), Lines, Numbers);

    [TestMethod]
    public void Check_FindsAWrongPromise()
    {
        Liar liar = new(_ml.Transforms.Text.NormalizeText("Out", "Text"), shape => new SchemaShape(shape));

        AssertFailedException error = Assert.ThrowsExactly<AssertFailedException>(() => EstimatorContract.Check(_ml, liar, Lines));
        StringAssert.Contains(error.Message, "GetOutputSchema");
    }

    [TestMethod]
    public void Check_FindsWhoeverAcceptsEverything()
    {
        TextNormalizingEstimator honest = _ml.Transforms.Text.NormalizeText("Out", "Text");
        SchemaShape promise = honest.GetOutputSchema(SchemaShape.Create(Lines.Schema));
        Liar liar = new(honest, _ => promise);

        AssertFailedException error = Assert.ThrowsExactly<AssertFailedException>(() => EstimatorContract.Check(_ml, liar, Lines, Numbers));
        StringAssert.Contains(error.Message, "Text: Single");
    }

    private sealed class Liar(IEstimator<ITransformer> honest, Func<SchemaShape, SchemaShape> lie) : IEstimator<ITransformer>
    {
        public ITransformer Fit(IDataView input) => honest.Fit(input);

        public SchemaShape GetOutputSchema(SchemaShape inputSchema) => lie(inputSchema);
    }
}
