using Microsoft.ML.HLstm.Networks;
using Microsoft.ML.HLstm.Training;
using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Tests.Networks;

[TestClass]
public class ConsistencyTests
{
    [ClassInitialize]
    public static void LoadTorch(TestContext _) => TorchRuntime.EnsureLoaded();

    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    public void Two_views_are_as_far_apart_as_their_divergences_both_ways_say(int dimension)
    {
        using var scope = NewDisposeScope();
        // By hand: 0.5 ln(0.5 / 0.9) + 0.5 ln(0.5 / 0.1) = 0.510826, and 0.9 ln(0.9 / 0.5) + 0.1 ln(0.1 / 0.5) = 0.368064.
        Tensor views = tensor(new[] { 0.5, 0.5, 0.9, 0.1 }).log().view(dimension == 0 ? [2, 1, 2] : [1, 2, 2]);

        Assert.AreEqual(0.878890, Consistency.Divergence(views, dimension).item<double>(), 1e-6);
        Assert.AreEqual(0, Consistency.Divergence(log(TensorNumbers.Filled([4, 3], 1.0 / 3, ScalarType.Float64)), 0).item<double>());
    }

    [TestMethod]
    public void Each_view_is_drawn_towards_the_other()
    {
        using var scope = NewDisposeScope();
        using var random = new Generator(3);
        Tensor logits = randn([6, 5], ScalarType.Float64, generator: random).requires_grad_(true);
        Tensor probabilities = logits.softmax(1).detach();

        Consistency.Divergence(logits.log_softmax(1), 0).backward();

        // What the other predicts counts as given, so that the gradient is that of a cross entropy against it.
        TensorAssert.Close(probabilities - probabilities.roll(3, 0), logits.grad!, 1e-12);
    }
}
