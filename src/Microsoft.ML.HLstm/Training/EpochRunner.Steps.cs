using System.Globalization;
using TorchSharp;

namespace Microsoft.ML.HLstm.Training;

/// <summary>Single steps, and what becomes of one whose loss or gradient is not finite.</summary>
internal sealed partial class EpochRunner
{
    /// <summary>What a loss or gradient that is not finite leaves of the learning rate.</summary>
    private const double RateAfterNonFinite = 0.5;

    // All rows of a batch of the default size: any of them may be the cause.
    private const int MostNamed = 64;

    private readonly TrainedParameter[] _counted = [.. network.Parameters.Where(parameter => !parameter.IsLearned)];
    private float[][] _countedBefore = [];
    private int _nonFinite;
    private double _rateFactor = 1;

    /// <summary>One optimizer step; returns the batch's mean loss and number of predictions, 0 when the step was undone.</summary>
    private (double Loss, int Predictions) Step(int[] rows, int epoch, int batch, double rate)
    {
        string place = string.Create(CultureInfo.InvariantCulture, $"epoch {epoch}, batch {batch + 1}");
        try
        {
            (double loss, int count) = Backward(rows, place, activeOnly: true);
            double norm = _adam.GradientNorm();
            if (!double.IsFinite(norm))
                throw NotFinite("gradient", norm, place, rows);
            _adam.Step(rate, Math.Min(1, options.MaximumGradientNorm / (norm + 1e-12)));
            return (loss, count);
        }
        catch (NonFiniteLossException failure) when (_nonFinite < options.NonFiniteRetries)
        {
            Undo(failure);
            return (0, 0);
        }
    }

    /// <summary>Sums up the gradients of all connections over batches; false when one was not finite, which is then taken away.</summary>
    private bool SumGradients(List<int[]> batches)
    {
        _adam.ZeroGradients();
        for (int i = 0; i < batches.Count; i++)
        {
            options.CancellationToken.ThrowIfCancellationRequested();
            string place = string.Create(CultureInfo.InvariantCulture, $"growth, batch {i + 1}");
            try
            {
                Backward(batches[i], place, activeOnly: false);
                if (!_adam.AreGradientsFinite())
                    throw NotFinite("gradient", double.NaN, place, batches[i]);
            }
            catch (NonFiniteLossException failure) when (_nonFinite < options.NonFiniteRetries)
            {
                Undo(failure);
                batches.RemoveAt(i);
                return false;
            }
        }

        return true;
    }

    /// <summary>
    /// Adds a batch's gradient, of all connections or of the active ones only, to what the parameters have; returns its mean
    /// loss and number of predictions.
    /// </summary>
    private (double Loss, int Predictions) Backward(int[] rows, string place, bool activeOnly)
    {
        using var scope = torch.NewDisposeScope();
        _countedBefore = Array.ConvertAll(_counted, parameter => parameter.Values.ToArray());
        // For each batch, because growth and pruning change masks between batches.
        Compute(activeOnly);
        (torch.Tensor loss, int predictions) = network.Loss(rows);
        float value = loss.item<float>();
        if (!float.IsFinite(value))
            throw NotFinite("loss", value, place, rows);
        loss.backward();
        return (value, predictions);
    }

    /// <summary>
    /// Weights, moments and averages are what they were, because only a finite gradient gets as far as changing them. Running means and variances have changed
    /// with the forward pass, and one that is not finite would stay so.
    /// </summary>
    private void Undo(NonFiniteLossException failure)
    {
        for (int i = 0; i < _counted.Length; i++)
            _countedBefore[i].CopyTo(_counted[i].Values);
        _nonFinite++;
        _rateFactor *= RateAfterNonFinite;
        _adam.ZeroGradients();
        Warn(string.Create(CultureInfo.InvariantCulture,
            $"{failure.Message} The step is undone, and from here on the learning rate is {_rateFactor} of what it would be; this was {_nonFinite} of {options.NonFiniteRetries} {nameof(options.NonFiniteRetries)}."));
    }

    private NonFiniteLossException NotFinite(string what, double value, string place, int[] rows) =>
        new(string.Create(CultureInfo.InvariantCulture,
            $"The {what} is {value} in {place}, with rows {string.Join(", ", rows.Take(MostNamed).Select(network.RowNumber))}{(rows.Length > MostNamed ? ", ..." : "")} of the training data; a lower LearningRate ({options.LearningRate}) or MaximumGradientNorm ({options.MaximumGradientNorm}) may help."));
}
