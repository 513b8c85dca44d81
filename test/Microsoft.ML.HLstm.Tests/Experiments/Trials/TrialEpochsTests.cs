using Microsoft.ML.HLstm.Experiments;
using Microsoft.ML.HLstm.Tests.Tasks.ImageCaptioning;

namespace Microsoft.ML.HLstm.Tests.Experiments.Trials;

[TestClass]
public class TrialEpochsTests
{
    private static readonly double[] _budgets = [1.0 / 9, 1.0 / 3, 1];

    [TestMethod]
    public void A_budget_is_a_share_of_the_training_and_of_the_last_retraining()
    {
        CollectionAssert.AreEqual((int[])[2, 5, 14], Begin(29_000, options => options.Epochs!.Value));
        CollectionAssert.AreEqual((int[])[2, 7, 20], Begin(29_000, options => options.GrowAndPrune.FinalRecoveryEpochs!.Value));
        CollectionAssert.AreEqual((int[])[1, 1, 1], Begin(29_000, options => options.GrowAndPrune.ShiftEpochs));
    }

    [TestMethod]
    public void Few_rows_are_trained_on_for_more_epochs_in_a_trial_as_well()
    {
        CollectionAssert.AreEqual((int[])[12, 37, 110], Begin(3_480, options => options.Epochs!.Value));
        CollectionAssert.AreEqual((int[])[17, 52, 157], Begin(3_480, options => options.GrowAndPrune.FinalRecoveryEpochs!.Value));
        CollectionAssert.AreEqual((int[])[1, 3, 8], Begin(3_480, options => options.GrowAndPrune.RecoveryEpochs));
    }

    [TestMethod]
    [DataRow(29_000)]
    [DataRow(3_480)]
    public void A_model_that_goes_on_ends_with_as_many_epochs_as_one_that_was_trained_at_once(int rows)
    {
        TranslationOptions whole = Options(), first = Options(), second = Options(), third = Options();
        TrialEpochs.Begin(whole, rows, 1);
        TrialEpochs.Begin(first, rows, _budgets[0]);
        TrialEpochs.GoOn(second, rows, _budgets[1], _budgets[0]);
        TrialEpochs.GoOn(third, rows, _budgets[2], _budgets[1]);

        Assert.AreEqual(Trained(whole), Trained(first) + second.Epochs + third.Epochs);
        Assert.AreEqual((0, 0), (second.GrowAndPrune.GrowthRounds, third.GrowAndPrune.GrowthRounds));

        static int? Trained(TranslationOptions options) => options.Epochs + options.GrowAndPrune.FinalRecoveryEpochs;
    }

    [TestMethod]
    public void The_smallest_budget_has_an_epoch_after_growth()
    {
        TranslationOptions options = Options();
        (options.Epochs, options.GrowAndPrune) = (5, options.GrowAndPrune with { GrowthRounds = 2 });

        TrialEpochs.Begin(options, 29_000, _budgets[0]);

        Assert.AreEqual((3, 1), (options.Epochs, options.GrowAndPrune.GrowthEpochs));
    }

    [TestMethod]
    public void Rows_with_several_captions_count_as_many()
    {
        var mlContext = new MLContext(1);
        Assert.AreEqual(TinyPictures.Repeated.Count, TrainingRows.Count(mlContext.Data.LoadFromEnumerable(TinyPictures.Vectors), nameof(PicturesRow.Caption)));
        Assert.AreEqual(TinyPictures.Repeated.Count, TrainingRows.Count(TinyPictures.Load(mlContext, TinyPictures.Repeated), nameof(PictureRow.Caption)));
        Assert.AreEqual(TinyPictures.Vectors.Count, TrainingRows.Count(mlContext.Data.FilterRowsByMissingValues(mlContext.Data.LoadFromEnumerable(TinyPictures.Vectors), nameof(PicturesRow.Features)), "Other"));
    }

    [TestMethod]
    public void A_model_that_is_not_pruned_has_no_epochs_of_retraining_to_catch_up_with()
    {
        var options = new TranslationOptions { Epochs = 9, GrowAndPrune = GrowAndPruneSchedule.None };

        TrialEpochs.GoOn(options, 29_000, 1, 1.0 / 3);

        Assert.AreEqual(6, options.Epochs);
    }

    private static TranslationOptions Options() => new() { GrowAndPrune = GrowAndPruneSchedule.Compact };

    private static int[] Begin(int rows, Func<TranslationOptions, int> what) => [.. _budgets.Select(budget =>
    {
        TranslationOptions options = Options();
        TrialEpochs.Begin(options, rows, budget);
        return what(options);
    })];
}
