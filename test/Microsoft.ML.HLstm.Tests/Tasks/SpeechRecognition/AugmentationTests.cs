using Microsoft.ML.HLstm.Tasks.SpeechRecognition;

namespace Microsoft.ML.HLstm.Tests.Tasks.SpeechRecognition;

[TestClass]
public class AugmentationTests
{
    private static readonly SpeechShape _shape = SmallSpeech.Shape() with { FrameWidth = 20 };

    private static Utterance Utterance { get; } = SmallSpeech.Utterances(_shape, new Random(1), 100)[0];

    [TestMethod]
    public void A_seed_decides_all_and_the_utterance_itself_stays()
    {
        var options = new SpeechRecognitionOptions { TimeMasks = 2, FrequencyMasks = 2, Noise = 0.2, SpeedChange = 0.2 };
        float[] before = [.. Utterance.Frames];
        float[] Frames(int seed)
        {
            var augmentation = new Augmentation(options, _shape, new Random(seed));
            return augmentation.Mask(augmentation.Change(Utterance)).Frames;
        }

        float[] first = Frames(1), again = Frames(1), other = Frames(2);

        CollectionAssert.AreEqual(first, again);
        CollectionAssert.AreNotEqual(first, other);
        CollectionAssert.AreEqual(before, Utterance.Frames);
    }

    [TestMethod]
    public void Time_masks_are_whole_frames_within_their_share()
    {
        Augmentation augmentation = Only(options => (options.TimeMasks, options.TimeMaskShare) = (1, 0.1));
        int[] masked = [.. Enumerable.Range(0, 200).Select(_ =>
        {
            float[][] frames = [.. augmentation.Mask(Utterance).Frames.Chunk(20)];
            int[] zeros = [.. frames.Index().Where(frame => frame.Item.All(value => value == 0)).Select(frame => frame.Index)];
            Assert.AreEqual(zeros.Length * 20, frames.Sum(frame => frame.Count(value => value == 0)));
            Assert.IsTrue(zeros.Length == 0 || zeros[^1] - zeros[0] == zeros.Length - 1);
            return zeros.Length;
        })];

        Assert.AreEqual(0, masked.Min());
        Assert.AreEqual(10, masked.Max());
    }

    [TestMethod]
    public void Frequency_masks_are_bands_over_the_whole_utterance()
    {
        Augmentation augmentation = Only(options => (options.FrequencyMasks, options.FrequencyMaskShare) = (1, 0.25));
        int[] masked = [.. Enumerable.Range(0, 200).Select(_ =>
        {
            float[][] frames = [.. augmentation.Mask(Utterance).Frames.Chunk(20)];
            int[] zeros = [.. Enumerable.Range(0, 20).Where(band => frames[0][band] == 0)];
            Assert.IsTrue(frames.All(frame => frame.Index().All(value => (value.Item == 0) == zeros.Contains(value.Index))));
            return zeros.Length;
        })];

        Assert.AreEqual(0, masked.Min());
        Assert.AreEqual(5, masked.Max());
    }

    [TestMethod]
    public void Noise_has_its_deviation()
    {
        Augmentation augmentation = Only(options => options.Noise = 0.5);
        double[] noise = [.. Enumerable.Range(0, 50).SelectMany(_ => augmentation.Change(Utterance).Frames.Zip(Utterance.Frames, (noisy, clean) => (double)noisy - clean))];

        // 100,000 numbers: five standard errors are 0.008 of the mean and 0.0056 of the deviation.
        Assert.AreEqual(0, noise.Average(), 0.008);
        Assert.AreEqual(0.5, Math.Sqrt(noise.Average(value => value * value)), 0.0056);
    }

    [TestMethod]
    public void Speed_changes_the_length_within_its_share_and_keeps_the_ends()
    {
        Augmentation augmentation = Only(options => options.SpeedChange = 0.2);
        int[] lengths = [.. Enumerable.Range(0, 300).Select(_ =>
        {
            float[] frames = augmentation.Change(Utterance).Frames;
            CollectionAssert.AreEqual(Utterance.Frames[..20], frames[..20]);
            CollectionAssert.AreEqual(Utterance.Frames[^20..], frames[^20..]);
            return frames.Length / 20;
        })];

        Assert.AreEqual(80, lengths.Min(), 1);
        Assert.AreEqual(120, lengths.Max(), 1);
    }

    [TestMethod]
    public void Labels_still_fit_a_faster_utterance()
    {
        // 100 frames are 50 steps, and a repeated label needs a blank before it.
        int[] labels = [1, 1, .. Enumerable.Range(0, 45).Select(i => 2 + i % 2)];
        Utterance tight = Utterance with { Labels = labels };
        Augmentation augmentation = Only(options => options.SpeedChange = 0.5);

        int[] steps = [.. Enumerable.Range(0, 100).Select(_ => _shape.Steps(augmentation.Change(tight).Frames.Length / 20))];

        Assert.AreEqual(48, tight.FewestSteps);
        Assert.AreEqual(48, steps.Min());
        Utterance hopeless = Utterance with { Labels = [.. labels, .. labels] };
        Assert.IsTrue(Enumerable.Range(0, 20).All(_ => augmentation.Change(hopeless).Frames.Length >= hopeless.Frames.Length));
    }

    [TestMethod]
    public void Without_options_nothing_is_copied()
    {
        Augmentation augmentation = Only(_ => { });

        Assert.AreSame(Utterance, augmentation.Change(Utterance));
        Assert.AreSame(Utterance, augmentation.Mask(Utterance));
    }

    [TestMethod]
    [DataRow(4)]
    [DataRow(7)]
    [DataRow(1)]
    public void Stretched_frames_lie_on_the_lines_between_frames(int count)
    {
        // A straight line in time stays one.
        float[] frames = [0, 10, 1, 20, 2, 30, 3, 40];

        float[] stretched = TimeStretch.Run(frames, 2, count);

        for (int t = 0; t < count; t++)
        {
            double place = count == 1 ? 0 : 3.0 * t / (count - 1);
            Assert.AreEqual(place, stretched[2 * t], 1e-5);
            Assert.AreEqual(10 + 10 * place, stretched[2 * t + 1], 1e-5);
        }
    }

    /// <summary>No other change than the ones that are asked for.</summary>
    private static Augmentation Only(Action<SpeechRecognitionOptions> change)
    {
        var options = new SpeechRecognitionOptions { TimeMasks = 0, FrequencyMasks = 0, SpeedChange = 0 };
        change(options);
        return new Augmentation(options, _shape, new Random(1));
    }
}
