using System.Numerics.Tensors;
using Microsoft.ML.HLstm.Inference;
using Microsoft.ML.HLstm.Networks;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Microsoft.ML.HLstm.Benchmarks.Scoring;

/// <summary>Compares an engine's results with the training network's cell, composed of libtorch's operations.</summary>
internal static class LayerCheck
{
    private const int CheckedSteps = 5;
    private const double Tolerance = 1e-4, QuantizedTolerance = 0.05;

    /// <summary>Runs once and checks the first steps of each direction.</summary>
    /// <exception cref="InvalidOperationException">A result is wrong: its speed would mean nothing.</exception>
    public static void Check(LayerWay way, ILayerRun run, LayerShape shape, float[] input)
    {
        run.Reset();
        run.Run();
        float[] output = run.Output;
        int steps = Math.Min(CheckedSteps, shape.Length), size = shape.Batch * shape.StateSize;
        for (int direction = 0; direction < shape.Directions; direction++)
        {
            float[][] expected = Reference(way.Cells[direction], shape, input, direction == 1, steps);
            for (int step = 0; step < steps; step++)
            {
                int t = direction == 0 ? step : shape.Length - 1 - step;
                Compare(way, output.AsSpan(((t * shape.Directions) + direction) * size, size), expected[step], t);
            }
        }

        run.Reset();
    }

    private static void Compare(LayerWay way, ReadOnlySpan<float> output, float[] expected, int step)
    {
        float[] difference = new float[expected.Length];
        TensorPrimitives.Subtract(output, expected, difference);
        double error = way.IsQuantized
            ? TensorPrimitives.Norm<float>(difference) / TensorPrimitives.Norm<float>(expected)
            : Math.Abs(TensorPrimitives.MaxMagnitude<float>(difference));
        double allowed = way.IsQuantized ? QuantizedTolerance : Tolerance;
        if (!(error <= allowed))
            throw new InvalidOperationException($"'{way.Name}' is wrong at step {step}: its {(way.IsQuantized ? "relative" : "largest")} error is {error:G3}; at most {allowed} is allowed.");
    }

    private static float[][] Reference(CellWeights weights, LayerShape shape, float[] input, bool backward, int steps)
    {
        using var scope = NewDisposeScope();
        using var random = new Generator(1);
        int width = weights.TrunkWidths.Concat(weights.Hidden.SelectMany(trunk => trunk).Select(layer => layer.OutputSize)).DefaultIfEmpty().Max();
        var gates = new GateNetworkOptions(weights.HasHiddenLayers ? weights.Hidden[0].Length + 1 : 0, width, weights.Activation, weights.TrunkWidths.Length == 1, 0);
        using var cell = new HLstmCell("reference", shape.InputSize, shape.StateSize, gates, new Initializer(random));
        WeightImport.Cell(cell, weights);
        using IDisposable quiet = no_grad();
        using Tensor x = tensor(input, [shape.Length, shape.Batch, shape.InputSize]);
        Tensor state = zeros(shape.Batch, shape.StateSize), memory = zeros(shape.Batch, shape.StateSize);
        float[][] outputs = new float[steps][];
        for (int step = 0; step < steps; step++)
        {
            Tensor projected = nn.functional.linear(x[backward ? shape.Length - 1 - step : step], cell.WeightInput, cell.Bias);
            (state, memory) = cell.Step(projected, state, memory, null);
            outputs[step] = state.data<float>().ToArray();
        }

        return outputs;
    }
}
