using Microsoft.ML.HLstm.Networks;
using Microsoft.ML.HLstm.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Benchmarks;

/// <summary>A whole training iteration: recurrent layer, projection to a vocabulary, cross entropy, Adam.</summary>
internal static class IterationRatios
{
    private const int Units = 512, Words = 8800;

    public static void Run(TextWriter output, int threads)
    {
        set_num_threads(threads);
        using var layers = new RecurrentLayers(Units);
        using var random = new Generator(2);
        using Tensor labels = randint(0, Words, [RecurrentLayers.Length * RecurrentLayers.Batch], generator: random);
        using Linear linear = nn.Linear(Units, Words);
        using var library = optim.Adam(layers.Library.parameters().Concat(linear.parameters()));
        void LibraryIteration()
        {
            using var scope = NewDisposeScope();
            library.zero_grad();
            Tensor logits = linear.call(layers.Library.call(layers.Input).Item1.view(-1, Units));
            nn.functional.cross_entropy(logits, labels).backward();
            library.step();
        }

        Contest contest = new Contest($"An iteration with a projection to {Words} words, cross entropy and Adam, {Units} units, batch {RecurrentLayers.Batch}, length {RecurrentLayers.Length}, {threads} thread(s)")
            .Add("nn.LSTM, nn.Linear, optim.Adam", LibraryIteration)
            .Add("our LSTM", Iteration(layers, layers.Lstm, labels, random));
        foreach (HLstmLayer layer in layers.HLstms)
            contest.Add(RecurrentLayers.Name(layer), Iteration(layers, layer, labels, random));
        contest.Run(output);
    }

    private static Action Iteration(RecurrentLayers layers, HLstmLayer layer, Tensor labels, Generator random)
    {
        var initial = new Initializer(random);
        Weight weight = initial.Uniform(0.05, Words, Units);
        Parameter bias = initial.Zeros(Words);
        TrainedParameter[] parameters =
        [
            .. layer.named_parameters().Select(entry => new TrainedParameter(entry.name, entry.parameter, MaskedMatrices.None)),
            new("weight", weight, MaskedMatrices.None), new("bias", bias, MaskedMatrices.None),
        ];
        var adam = new MaskedAdam(parameters, averaging: 0);
        return () =>
        {
            using var scope = NewDisposeScope();
            Tensor vectors = layers.Run(layer, fused: true).view(-1, Units);
            Products.CrossEntropy(vectors, weight, bias, labels, -100, 0).backward();
            _ = adam.GradientNorm();
            adam.Step(1e-3, 1);
        };
    }
}
