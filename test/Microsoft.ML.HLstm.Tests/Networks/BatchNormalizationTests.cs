using Microsoft.ML.HLstm.Networks;
using Microsoft.ML.HLstm.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Tests.Networks;

[TestClass]
public class BatchNormalizationTests
{
    [ClassInitialize]
    public static void LoadTorch(TestContext _) => TorchRuntime.EnsureLoaded();

    [TestMethod]
    public void It_is_the_library_normalisation_of_rows()
    {
        using var scope = NewDisposeScope();
        using var random = new Generator(3);
        var ours = new BatchNormalization("ours", 5, new Initializer(random));
        BatchNorm1d library = nn.BatchNorm1d(5, momentum: 0.05);
        using (no_grad())
        {
            ours.Scale.copy_(rand(5, generator: random));
            ours.Shift.copy_(rand(5, generator: random));
            library.weight.copy_(ours.Scale);
            library.bias!.copy_(ours.Shift);
        }

        for (int step = 0; step < 3; step++)
        {
            Tensor rows = randn([40, 5], generator: random).Times(3).Plus(1);
            TensorAssert.Close(library.call(rows), ours.Run(rows), 1e-5);
        }

        TensorAssert.Close(library.running_mean!, ours.Mean, 1e-5);
        TensorAssert.Close(library.running_var!, ours.Variance, 1e-5);
        ours.eval();
        library.eval();
        Tensor others = randn([7, 5], generator: random);
        TensorAssert.Close(library.call(others), ours.Run(others), 1e-5);
    }

    [TestMethod]
    public void A_single_row_leaves_the_statistics_finite()
    {
        using var scope = NewDisposeScope();
        using var random = new Generator(3);
        var normalization = new BatchNormalization("n", 4, new Initializer(random));

        Tensor normalized = normalization.Run(randn([1, 4], generator: random));

        Assert.IsTrue(normalized.isfinite().all().item<bool>());
        TensorAssert.Close(ones(4), normalization.Variance, 0);
    }

    [TestMethod]
    public void Running_statistics_are_averaged_with_the_weights()
    {
        using var scope = NewDisposeScope();
        using var random = new Generator(3);
        using var normalization = new BatchNormalization("n", 3, new Initializer(random));
        TrainedParameter[] parameters = [.. normalization.named_parameters().Select(entry => new TrainedParameter(entry.name, entry.parameter, MaskedMatrices.None))];
        TrainedParameter mean = parameters.Single(parameter => parameter.Name == "mean");
        var adam = new MaskedAdam(parameters, averaging: 0.998);
        float average = 0;
        for (int step = 1; step <= 5; step++)
        {
            (normalization.Run(randn([20, 3], generator: random).Plus(2)) * rand([20, 3], generator: random)).sum().backward();
            adam.Step(1e-2, 1);
            average += (1 - (1f + step) / (10 + step)) * (mean.Values[0] - average);
        }

        Assert.IsGreaterThan(0.2f, mean.Values[0]);
        Assert.AreEqual(average, mean.Average[0], 1e-6f);
    }
}
