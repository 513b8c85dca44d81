using Microsoft.ML.HLstm.Networks;
using Microsoft.ML.HLstm.Training;
using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Tests.Networks;

[TestClass]
public class ConvolutionLayerTests
{
    private static readonly ConvolutionShape _shape = new(4, 5, 3, 2, 2);

    [ClassInitialize]
    public static void LoadTorch(TestContext _) => TorchRuntime.EnsureLoaded();

    [TestMethod]
    public void Unpadded_it_is_the_library_layers_one_after_the_other()
    {
        using var scope = NewDisposeScope();
        using var random = new Generator(3);
        var ours = new ConvolutionLayer("ours", 2, _shape, new Initializer(random));
        var convolution = nn.Conv2d(2, 4, (5L, 3L), (2L, 2L), padding: (2L, 1L), bias: false);
        var normalization = nn.BatchNorm2d(4);
        using (no_grad())
            convolution.weight.copy_(ours.Kernel);
        Tensor input = randn([3, 9, 6, 2], generator: random).Times(30);

        (Tensor maps, int[] lengths) = ours.Run(input, [9, 9, 9]);

        Tensor expected = normalization.call(convolution.call(input.permute(0, 3, 1, 2))).Within(0, 20);
        CollectionAssert.AreEqual(new[] { 5, 5, 5 }, lengths);
        TensorAssert.Close(expected.permute(0, 2, 3, 1), maps, 1e-5);
    }

    [TestMethod]
    public void Statistics_ignore_padding_and_outputs_beyond_a_length_are_zero()
    {
        using var scope = NewDisposeScope();
        using var random = new Generator(3);
        var layer = new ConvolutionLayer("layer", 1, _shape, new Initializer(random));
        Tensor longer = randn([1, 11, 6, 1], generator: random), shorter = randn([1, 6, 6, 1], generator: random);
        Tensor padded = cat([longer, cat([shorter, zeros(1, 5, 6, 1)], 1)], 0);

        (Tensor maps, int[] lengths) = layer.Run(padded, [11, 6]);

        CollectionAssert.AreEqual(new[] { 6, 3 }, lengths);
        Assert.AreEqual(0f, maps[1].narrow(0, 3, 3).abs().max().item<float>());
        // The sums by the definition, each utterance padded for itself, with the mean and variance of all of them.
        Tensor[] sums = [.. ((Tensor[])[longer, shorter]).Select(input => nn.functional.conv2d(input.permute(0, 3, 1, 2), layer.Kernel, null, [2, 2], [2, 1]))];
        Tensor all = cat([.. sums.Select(sum => sum.permute(0, 2, 3, 1).reshape(-1, 4))], 0);
        Tensor mean = all.mean([0L]), variance = all.var(0, unbiased: false);
        for (int row = 0; row < 2; row++)
        {
            Tensor expected = ((sums[row].permute(0, 2, 3, 1) - mean) / variance.Plus(1e-5).sqrt()).Within(0, 20);
            TensorAssert.Close(expected[0], maps[row].narrow(0, 0, lengths[row]), 1e-5);
        }

        TensorAssert.Close(mean.Times(0.05), layer.Normalization.Mean, 1e-5);
    }

    [TestMethod]
    [DataRow(1, 1)]
    [DataRow(11, 6)]
    [DataRow(12, 6)]
    public void An_axis_of_n_gives_one_step_a_stride(int frames, int steps)
    {
        using var scope = NewDisposeScope();
        using var random = new Generator(3);
        var layer = new ConvolutionLayer("layer", 1, _shape, new Initializer(random));

        (Tensor maps, int[] lengths) = layer.Run(randn([1, frames, 7, 1], generator: random), [frames]);

        Assert.AreEqual(steps, lengths[0]);
        CollectionAssert.AreEqual(new long[] { 1, steps, 4, 4 }, maps.shape);
    }
}
