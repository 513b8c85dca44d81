using Microsoft.ML.HLstm.Networks;
using Microsoft.ML.HLstm.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Tests.Networks;

[TestClass]
public class HLstmCellTests
{
    [ClassInitialize]
    public static void LoadTorch(TestContext _) => TorchRuntime.EnsureLoaded();

    [TestMethod]
    [DataRow(7, 5, false)]
    [DataRow(16, 32, true)]
    public void Zero_gate_layers_equal_the_library_LSTM(int inputSize, int stateSize, bool bidirectional)
    {
        using var scope = NewDisposeScope();
        using var random = new Generator(3);
        var ours = new HLstmLayer("ours", inputSize, stateSize, GateNetworkOptions.None, bidirectional, new Initializer(random));
        LSTM library = nn.LSTM(inputSize, stateSize, bidirectional: bidirectional);
        using (no_grad())
        {
            foreach ((HLstmCell cell, string suffix) in ours.Cells.Zip(["", "_reverse"]))
            {
                Dictionary<string, Parameter> theirs = library.named_parameters().ToDictionary(p => p.name, p => p.parameter);
                theirs["weight_ih_l0" + suffix].copy_(cell.WeightInput);
                theirs["weight_hh_l0" + suffix].copy_(cell.WeightRecurrent);
                theirs["bias_ih_l0" + suffix].copy_(cell.Bias);
                theirs["bias_hh_l0" + suffix].zero_();
            }
        }

        Tensor input = randn(9, 4, inputSize, generator: random);
        (Tensor outputs, Tensor state, Tensor memory) = ours.Run(input, new SequenceMask([9, 9, 9, 9]), null);
        (Tensor expected, Tensor h, Tensor c) = library.call(input);

        TensorAssert.Close(expected, outputs, 1e-5);
        TensorAssert.Close(h.transpose(0, 1).reshape(4, -1), state, 1e-5);
        TensorAssert.Close(c.transpose(0, 1).reshape(4, -1), memory, 1e-5);
    }

    [TestMethod]
    [DataRow(0, false, GateActivation.LeakyRelu)]
    [DataRow(1, false, GateActivation.LeakyRelu)]
    [DataRow(1, true, GateActivation.Relu)]
    [DataRow(2, false, GateActivation.Tanh)]
    [DataRow(3, true, GateActivation.LeakyRelu)]
    public void Finite_differences_confirm_the_gradient_of_every_parameter(int hiddenLayers, bool shared, GateActivation activation)
    {
        using var scope = NewDisposeScope();
        using var random = new Generator(5);
        var gates = new GateNetworkOptions(hiddenLayers, 4, activation, shared, 0);
        var layer = new HLstmLayer("layer", 3, 2, gates, bidirectional: true, new Initializer(random, ScalarType.Float64));
        Tensor input = randn([5, 3, 3], ScalarType.Float64, generator: random);
        Tensor weights = randn([5, 3, 4], ScalarType.Float64, generator: random);
        var mask = new SequenceMask([5, 2, 4]);
        Tensor Loss()
        {
            (Tensor outputs, Tensor state, Tensor memory) = layer.Run(input, mask, null);
            return (outputs * weights).sum().Plus((state * memory).sum());
        }

        Loss().backward();

        foreach ((string name, Parameter parameter) in layer.named_parameters())
            TensorAssert.GradientMatchesFiniteDifferences(name, parameter, Loss);
    }

    [TestMethod]
    public void Padding_does_not_change_a_sequence()
    {
        using var scope = NewDisposeScope();
        using var random = new Generator(7);
        var gates = new GateNetworkOptions(1, 6, GateActivation.LeakyRelu, false, 0);
        var layer = new HLstmLayer("layer", 3, 5, gates, bidirectional: true, new Initializer(random));
        Tensor input = randn([8, 2, 3], generator: random);
        Tensor alone = input.narrow(0, 0, 5).narrow(1, 0, 1);

        (Tensor padded, Tensor paddedState, _) = layer.Run(input, new SequenceMask([5, 8]), null);
        (Tensor outputs, Tensor state, _) = layer.Run(alone, new SequenceMask([5]), null);

        TensorAssert.Close(outputs, padded.narrow(0, 0, 5).narrow(1, 0, 1), 1e-6);
        TensorAssert.Close(state, paddedState.narrow(0, 0, 1), 1e-6);
    }
}
