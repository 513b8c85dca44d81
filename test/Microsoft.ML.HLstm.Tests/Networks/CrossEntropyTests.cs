using System.Diagnostics;
using Microsoft.ML.HLstm.Networks;
using Microsoft.ML.HLstm.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Tests.Networks;

/// <summary>The output projection with its loss, against libtorch's operations.</summary>
[TestClass]
[DoNotParallelize]
public class CrossEntropyTests
{
    private const long Ignored = -100;

    [ClassInitialize]
    public static void LoadTorch(TestContext _) => TorchRuntime.EnsureLoaded();

    [TestMethod]
    [DataRow(600, 9, 37, false, 1, 0.0)]
    [DataRow(600, 9, 37, true, 2, 0.0)]
    [DataRow(257, 16, 64, true, 1, 0.0)]
    [DataRow(3, 300, 1, false, 1, 0.0)]
    [DataRow(600, 9, 37, false, 1, 0.5)]
    [DataRow(598, 9, 37, true, 2, 3.0)]
    [DataRow(254, 16, 64, false, 1, 1.0)]
    [DataRow(2, 16, 5, true, 1, 5.0)]
    public void More_rows_than_are_computed_at_once_give_the_loss_and_gradients_of_the_composed_operations(int rows, int width, int classes, bool taught, int threads, double consistency)
    {
        using var scope = NewDisposeScope();
        using var random = new Generator(5);
        int before = get_num_threads();
        set_num_threads(threads);
        try
        {
            using var layer = new Output(width, classes, random);
            Tensor vectors = randn([rows, width], generator: random).requires_grad_(true), labels = randint(0, classes, [rows], generator: random);
            labels[0] = rows > 3 ? Ignored : labels[0];
            if (consistency > 0)
                labels = labels.narrow(0, 0, rows / 2).repeat(2);
            SoftTargets? teacher = taught
                ? new SoftTargets(2, [.. Enumerable.Range(0, 2 * rows).Select(i => i % 2 == 0 ? i % classes : (i + 6) % classes)], [.. Enumerable.Repeat((Half)0.25, 2 * rows)], 0.7)
                : null;
            FusedTraining.AssertAgree(layer, [vectors], () => [Products.CrossEntropy(vectors, layer.Weight, layer.Bias, labels, Ignored, 0.1, teacher, consistency)]);
        }
        finally
        {
            set_num_threads(before);
        }
    }

    [TestMethod]
    [DataRow(600, 1)]
    [DataRow(70, 2)]
    public void A_pruned_projection_gives_the_loss_and_gradients_of_the_dense_one(int rows, int threads)
    {
        using var scope = NewDisposeScope();
        using var random = new Generator(5);
        int before = get_num_threads();
        set_num_threads(threads);
        try
        {
            using var layer = new Output(20, 41, random);
            Tensor vectors = randn([rows, 20], generator: random).requires_grad_(true), labels = randint(0, 41, [rows], generator: random);
            // A loss that is scaled, as a mean over several batches is: sparse gradients must be scaled too.
            SparseTraining.AssertAgree(layer, [vectors], 0.25, () => [Products.CrossEntropy(vectors, layer.Weight, layer.Bias, labels, Ignored, 0.1).Times(3)]);
        }
        finally
        {
            set_num_threads(before);
        }
    }

    [TestMethod]
    public void A_large_vocabulary_does_not_need_the_logits_of_a_whole_batch()
    {
        const int Rows = 512, Width = 4, Classes = 400_000;
        const long Logits = (long)Rows * Classes * sizeof(float);
        using var scope = NewDisposeScope();
        using var random = new Generator(5);
        using var layer = new Output(Width, Classes, random);
        Tensor vectors = randn([Rows, Width], generator: random), labels = randint(0, Classes, [Rows], generator: random);
        using var process = Process.GetCurrentProcess();
        long before = process.PeakWorkingSet64;

        Products.CrossEntropy(vectors, layer.Weight, layer.Bias, labels, Ignored, 0.1).backward();

        process.Refresh();
        Assert.IsLessThan(Logits / 4, process.PeakWorkingSet64 - before);
    }

    private sealed class Output : nn.Module
    {
        public Output(int width, int classes, Generator random) : base(nameof(Output))
        {
            Weight = new Weight(randn([classes, width], generator: random));
            Bias = new Parameter(randn([classes], generator: random));
            register_parameter("weight", Weight);
            register_parameter("bias", Bias);
        }

        public Weight Weight { get; }

        public Parameter Bias { get; }
    }
}
