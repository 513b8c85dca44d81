using System.Text.Json;
using Microsoft.ML.HLstm.Experiments;

namespace Microsoft.ML.HLstm.Tests.Experiments.Search;

[TestClass]
public class SearchSpaceTests
{
    [TestMethod]
    public void Values_are_spread_evenly_and_places_come_back()
    {
        foreach ((OptionBase option, int values) in ((OptionBase, int)[])[
            (new UniformIntOption(16, 64, multipleOf: 16), 4), (new UniformIntOption(1, 4), 4), (new ChoiceOption("a", "b", "c"), 3), (new ChoiceOption(0.1, 1, 10.0), 3)])
        {
            const int Steps = 12_000;
            IGrouping<object, double>[] groups = [.. Enumerable.Range(0, Steps).Select(i => (i + 0.5) / Steps).GroupBy(option.At)];
            Assert.HasCount(values, groups);
            foreach (IGrouping<object, double> group in groups)
            {
                Assert.AreEqual(Steps / values, group.Count(), 1.0, $"{option}: {group.Key}");
                Assert.AreEqual(group.Average(), option.UnitOf(group.Key), 1e-3, $"{option}: {group.Key}");
            }
        }
    }

    [TestMethod]
    public void A_logarithmic_option_spreads_ratios()
    {
        var option = new UniformDoubleOption(0.001, 0.1, logBase: true);
        Assert.AreEqual(0.01, (double)option.At(0.5), 1e-9);
        Assert.AreEqual(0.5, option.UnitOf(0.01), 1e-9);
        var widths = new UniformIntOption(16, 256, logBase: true);
        Assert.AreEqual(16, widths.At(0));
        Assert.AreEqual(256, widths.At(1));
        Assert.AreEqual(64.0, (int)widths.At(0.5), 2);
    }

    [TestMethod]
    public void A_condition_decides_on_the_values_before_it()
    {
        SearchSpace space = SearchSpace.CreateDefault();
        for (int trial = 1; trial <= 50; trial++)
        {
            ParameterSet point = Propose(new RandomTuner(space, 3), trial);
            Assert.AreEqual(point.Get<string>(SearchSpace.Algorithm) == SearchSpace.HLstm, point.Contains("GateHiddenLayers"), point.ToString());
            Assert.IsTrue(point.Get<int>("StateSize") is >= 32 and <= 256 && point.Get<int>("StateSize") % 16 == 0, point.ToString());
        }
    }

    [TestMethod]
    public void A_space_is_narrowed_and_added_to_by_name()
    {
        SearchSpace space = SearchSpace.CreateDefault();
        space["StateSize"] = new ChoiceOption(48);
        space["EmbeddingSize"] = new UniformIntOption(16, 32);
        Assert.IsTrue(space.Remove("Dropout"));
        Assert.IsFalse(space.Remove("Dropout"));
        ParameterSet point = Propose(new RandomTuner(space), 1);
        Assert.AreEqual(48, point.Get<int>("StateSize"));
        Assert.AreEqual("EmbeddingSize", point.Values[^1].Key);
        Assert.IsFalse(point.Contains("Dropout"));
        StringAssert.Contains(Assert.ThrowsExactly<KeyNotFoundException>(() => space["Dropout"]).Message, "'Dropout'");
    }

    [TestMethod]
    public void A_parameter_set_comes_back_from_JSON_as_it_was()
    {
        var point = new ParameterSet(new Dictionary<string, object>
        {
            ["a"] = 1,
            ["b"] = 1.0,
            ["c"] = 0.1 + 0.2,
            ["d"] = true,
            ["e"] = "text",
            ["f"] = SparsityPattern.Balanced32,
            ["g"] = 1e-300,
            ["h"] = 1e20,
        });
        ParameterSet back = JsonSerializer.Deserialize<ParameterSet>(JsonSerializer.Serialize(point))!;
        Assert.AreEqual(point, back);
        Assert.AreEqual(point.GetHashCode(), back.GetHashCode());
        Assert.AreEqual(SparsityPattern.Balanced32, back.Get<SparsityPattern>("f"));
        Assert.AreEqual(1f, back.Get<float>("a"));
        Assert.AreEqual(5, back.Get("missing", 5));
        StringAssert.Contains(Assert.ThrowsExactly<KeyNotFoundException>(() => back.Get<int>("missing")).Message, "'missing'");
    }

    [TestMethod]
    public void Bad_ranges_are_refused()
    {
        Assert.ThrowsExactly<ArgumentException>(() => new UniformIntOption(4, 1));
        Assert.ThrowsExactly<ArgumentException>(() => new UniformIntOption(0, 4, logBase: true));
        Assert.ThrowsExactly<ArgumentException>(() => new UniformIntOption(16, 40, multipleOf: 16));
        Assert.ThrowsExactly<ArgumentException>(() => new UniformDoubleOption(0, 1, logBase: true));
        Assert.ThrowsExactly<ArgumentException>(() => new UniformDoubleOption(double.NaN, 1));
        Assert.ThrowsExactly<ArgumentException>(() => new ChoiceOption());
        Assert.ThrowsExactly<ArgumentException>(() => new ChoiceOption("a", "a"));
        Assert.ThrowsExactly<ArgumentException>(() => new ChoiceOption(DateTime.MinValue));
    }

    [TestMethod]
    public void Values_are_put_into_options_and_into_records_inside_them()
    {
        var options = new TranslationOptions { Epochs = 7, GrowAndPrune = GrowAndPruneSchedule.Compact };
        TranslationOptions changed = OptionNames.Apply(options, new ParameterSet(new Dictionary<string, object>
        {
            ["StateSize"] = 48,
            ["Dropout"] = 0.25,
            ["GateHiddenSize"] = 24,
            ["Algorithm"] = "Lstm",
            ["Own"] = 1,
            ["GrowAndPrune.TargetDensity"] = 0.2,
            ["GrowAndPrune.Pattern"] = SparsityPattern.Blocks16x1,
            ["Decoding.BeamWidth"] = 3,
        }));
        Assert.AreEqual<(int, float, int?, int?, int)>((48, 0.25f, 24, 7, 3), (changed.StateSize, changed.Dropout, changed.GateHiddenSize, changed.Epochs, changed.Decoding.BeamWidth));
        Assert.AreEqual(GrowAndPruneSchedule.Compact with { TargetDensity = 0.2, Pattern = SparsityPattern.Blocks16x1 }, changed.GrowAndPrune);
        Assert.AreEqual((256, 0.12), (options.StateSize, options.GrowAndPrune.TargetDensity));
    }

    [TestMethod]
    public void A_record_that_is_not_set_begins_with_its_defaults()
    {
        SpeechRecognitionOptions changed = OptionNames.Apply(new SpeechRecognitionOptions(), new ParameterSet(new Dictionary<string, object> { ["Decoding.BeamWidth"] = 7 }));

        Assert.AreEqual(new CtcDecodingOptions { BeamWidth = 7 }, changed.Decoding);
    }

    [TestMethod]
    [DataRow("StateSiz", false)]
    [DataRow("GrowAndPrune.Target", false)]
    [DataRow("GrowAndPrune.Pattern.More", false)]
    [DataRow("Precision.Bits", false)]
    [DataRow("Bands", true)]
    [DataRow("Algorithm", false, true)]
    public void Names_that_no_option_has_are_for_pipelines_only(string name, bool pipeline, bool allowed = false)
    {
        void Check() => OptionNames.Check(typeof(TranslationOptions), name, pipeline);
        if (pipeline || allowed)
            Check();
        else
            StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(Check).Message, $"'{name}'");
    }

    private static ParameterSet Propose(RandomTuner tuner, int trial) => tuner.Propose(new TrialSettings { TrialId = trial, Parameter = new ParameterSet([]), ModelPath = "" });
}
