using Microsoft.ML.HLstm.Inference.Ctc;
using Microsoft.ML.HLstm.Networks;
using Microsoft.ML.HLstm.Tasks.SpeechRecognition;
using Microsoft.ML.HLstm.Tests.TestSupport;
using Microsoft.ML.HLstm.Training;
using Samples;
using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Tests.Tasks.SpeechRecognition;

/// <summary>Words that are replaced by recordings of others.</summary>
[TestClass]
public class WordReplacementTests
{
    private static readonly CtcAlphabet _alphabet = TinySpeechModel.Trained.Model.Language.Alphabet;
    private static readonly SpeechShape _shape = new(TinySpeech.FrameWidth, _alphabet.Count, [new(4, 3, 3, 2, 1)], 16, 1, true, true, new GateNetworkOptions(1, 16, GateActivation.LeakyRelu, false, 0));

    [TestMethod]
    public void Words_end_between_the_sounds_of_their_last_letter_and_of_the_next_word()
    {
        WordReplacement words = Cut(Utterances(TinySpeech.Rows), 1);
        int cuts = 0, right = 0;
        for (int i = 0; i < TinySpeech.Rows.Count; i++)
        {
            int start = 0, letters = 0;
            string[] spoken = TinySpeech.Rows[i].Transcript.Split(' ');
            Assert.HasCount(spoken.Length, words.WordsOf(i));
            for (int word = 0; word < spoken.Length; word++)
            {
                WordReplacement.Word cut = words.WordsOf(i)[word];
                Assert.AreEqual(start, cut.Start);
                Assert.AreEqual(spoken[word], _alphabet.Text(cut.Labels));
                (start, letters) = (cut.End, letters + spoken[word].Length + 1);
                if (word == spoken.Length - 1)
                    continue;
                // Two silent frames, then the separator.
                int separator = (letters - 1) * TinySpeech.FramesOfLetter;
                (cuts, right) = (cuts + 1, right + (cut.End >= separator - 2 && cut.End <= separator + TinySpeech.FramesOfLetter ? 1 : 0));
            }

            Assert.AreEqual(TinySpeech.Rows[i].Frames.Length / TinySpeech.FrameWidth, start);
        }

        Assert.AreEqual(60, cuts);
        Assert.IsGreaterThan(0.9 * cuts, (double)right);
    }

    [TestMethod]
    public void What_is_put_together_has_the_frames_of_its_labels()
    {
        Utterance[] utterances = Utterances(TinySpeech.Rows);
        WordReplacement words = Cut(utterances, 1);
        string[] spoken = [.. Enumerable.Range(0, utterances.Length).SelectMany(words.WordsOf)
            .Select(word => Key(word.Labels, utterances[word.Utterance].Frames.AsSpan(word.Start * TinySpeech.FrameWidth, (word.End - word.Start) * TinySpeech.FrameWidth)))];

        for (int i = 0; i < 100; i++)
        {
            Utterance made = words.Apply(i % utterances.Length, 0.7);
            // Taken apart again, word by word, each is a recording that there was.
            ReadOnlySpan<float> left = made.Frames;
            foreach (string word in _alphabet.Text(made.Labels).Split(' '))
            {
                int[] labels = [.. word.Select(letter => _alphabet.Find(letter.ToString()))];
                int length = 0;
                while (length <= left.Length && !spoken.Contains(Key(labels, left[..length])))
                    length += TinySpeech.FrameWidth;
                Assert.IsLessThanOrEqualTo(left.Length, length, _alphabet.Text(made.Labels));
                left = left[length..];
            }

            Assert.AreEqual(0, left.Length);
        }

        static string Key(int[] labels, ReadOnlySpan<float> frames) => $"{string.Join(',', labels)}:{string.Join(',', frames.ToArray())}";
    }

    [TestMethod]
    public void A_rare_word_comes_up_as_often_as_frequent_ones()
    {
        SpokenRow[] rows = [.. Enumerable.Range(0, 40).Select(i => TinySpeech.Say("ab da", i)), TinySpeech.Say("dac", 77), TinySpeech.Say("bad", 78)];
        WordReplacement words = Cut(Utterances(rows), 2);

        string[] drawn = [.. Enumerable.Range(0, 3000).Select(_ => _alphabet.Text(words.Apply(0, 0.999999).Labels)).SelectMany(text => text.Split(' '))];

        foreach (string word in (string[])["ab", "da", "dac", "bad"])
            Assert.AreEqual(0.25, drawn.Count(other => other == word) / (double)drawn.Length, 0.03, word);
    }

    [TestMethod]
    public void Nothing_is_replaced_with_a_probability_of_0_and_frames_always_fit_their_labels()
    {
        Utterance[] utterances = Utterances(TinySpeech.Rows);
        WordReplacement words = Cut(utterances, 3);
        for (int i = 0; i < utterances.Length; i++)
        {
            Assert.AreSame(utterances[i], words.Apply(i, 0));
            Utterance made = words.Apply(i, 0.5);
            Assert.AreEqual(0, made.Frames.Length % TinySpeech.FrameWidth);
            Assert.IsLessThanOrEqualTo(_shape.Steps(made.Frames.Length / TinySpeech.FrameWidth), made.FewestSteps);
        }
    }

    [TestMethod]
    public void An_initial_model_finds_words_and_a_run_that_was_cancelled_ends_with_the_same_weights()
    {
        SpeechRecognitionOptions options = TinySpeech.Options(3);
        options.WordReplacement = 0.3;

        SpeechRecognitionTransformer trained = TrainedTwice(options, TinySpeechModel.Trained, cancelAfter: 9);

        Assert.AreEqual("From epoch 1 on, a word of a recording is replaced by another one with a probability of 0.3.", trained.History.Decisions.Single());
        options.WordReplacement = 0;
        Assert.AreNotEqual(trained.Model.Fingerprint(), Fit(options, TinySpeechModel.Trained).Model.Fingerprint());
    }

    [TestMethod]
    public void Without_one_the_network_finds_words_once_it_knows_half_of_them_and_a_third_of_the_epochs_is_over()
    {
        SpeechRecognitionOptions options = TinySpeech.Options(9);
        options.WordReplacement = 0.3;

        SpeechRecognitionTransformer trained = TrainedTwice(options, null, cancelAfter: 50);

        double[] accuracy = [.. trained.History.Epochs.Select(epoch => epoch.Metric)];
        int epochs = Math.Max(3, Array.FindIndex(accuracy, percent => percent >= 50) + 1);
        Assert.IsLessThan(8, epochs, "The run was not cancelled after words were found.");
        Assert.AreEqual($"From epoch {epochs + 1} on, a word of a recording is replaced by another one with a probability of 0.3.", trained.History.Decisions.Single());
        options.WordReplacement = 0;
        SpeechRecognitionTransformer without = Fit(options, null);
        CollectionAssert.AreEqual(accuracy[..epochs], without.History.Epochs.Take(epochs).Select(epoch => epoch.Metric).ToArray());
        Assert.AreNotEqual(trained.Model.Fingerprint(), without.Model.Fingerprint());
    }

    [TestMethod]
    public void A_network_that_never_knows_half_of_the_words_replaces_none_and_says_so()
    {
        SpeechRecognitionOptions options = TinySpeech.Options(2);
        (options.WordReplacement, options.LearningRate) = (0.3, 1e-6);
        var mlContext = new MLContext(1);
        var lines = new List<string>();
        mlContext.Log += (_, line) => lines.Add(line.Message);

        SpeechRecognitionTransformer trained = mlContext.SpeechRecognition.Trainers.HLstm(options).Fit(TinySpeech.Load(mlContext));

        Assert.IsEmpty(trained.History.Decisions);
        Assert.IsTrue(lines.Any(line => line.Contains("No words were replaced, although WordReplacement is 0.3", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void A_finished_run_says_nothing_about_words()
    {
        using var folder = new TempFolder();
        SpeechRecognitionOptions options = TinySpeech.Options();
        (options.WordReplacement, options.CheckpointFolder) = (0.3, folder.PathOf("checkpoints"));
        SpeechRecognitionTransformer trained = Fit(options, null);
        Assert.HasCount(1, trained.History.Decisions);
        var mlContext = new MLContext(1);
        List<string> warnings = Warnings.Of(mlContext);

        SpeechRecognitionTransformer again = mlContext.SpeechRecognition.Trainers.HLstm(options).Fit(TinySpeech.Load(mlContext));

        Assert.AreEqual(trained.Model.Fingerprint(), again.Model.Fingerprint());
        Assert.IsEmpty(warnings);
    }

    /// <summary>Trains at a stretch, and in two pieces with a checkpoint between them: both must give the same.</summary>
    private static SpeechRecognitionTransformer TrainedTwice(SpeechRecognitionOptions options, SpeechRecognitionTransformer? initial, int cancelAfter)
    {
        using var folder = new TempFolder();
        SpeechRecognitionTransformer once = Fit(options, initial);
        using var source = new CancellationTokenSource();
        options.CheckpointFolder = folder.PathOf("checkpoints");
        options.CancellationToken = source.Token;
        int prepared = 0;
        options.Progress = new Reporter(report =>
        {
            prepared += report.Phase == TrainingPhase.Prepare ? 1 : 0;
            if (report.Phase != TrainingPhase.Prepare && --cancelAfter == 0)
                source.Cancel();
        });
        Assert.Throws<OperationCanceledException>(() => Fit(options, initial));
        Assert.IsGreaterThan(0, prepared);
        (options.CancellationToken, options.Progress) = (default, null);
        SpeechRecognitionTransformer resumed = Fit(options, initial);
        options.CheckpointFolder = null;

        CollectionAssert.AreEqual(TinySpeechModel.Transcribe(once), TinySpeechModel.Transcribe(resumed));
        Assert.AreEqual(once.Model.Fingerprint(), resumed.Model.Fingerprint());
        return once;
    }

    private static SpeechRecognitionTransformer Fit(SpeechRecognitionOptions options, SpeechRecognitionTransformer? initial)
    {
        var mlContext = new MLContext(1);
        SpeechRecognitionTrainer trainer = mlContext.SpeechRecognition.Trainers.HLstm(options);
        IDataView data = TinySpeech.Load(mlContext);
        return initial is null ? trainer.Fit(data) : trainer.Fit(data, initial);
    }

    private static WordReplacement Cut(Utterance[] utterances, int seed)
    {
        TorchRuntime.EnsureLoaded();
        using var generator = new Generator(1);
        using var network = new SpeechNetwork(_shape, 0, generator);
        SpeechImport.Load(network, TinySpeechModel.Trained.Model.Weights);
        return new WordReplacement(network, utterances, _alphabet, new Random(seed), new Preparation(default));
    }

    private static Utterance[] Utterances(IEnumerable<SpokenRow> rows) =>
        [.. rows.Select((row, i) => new Utterance(i, row.Frames, [.. row.Transcript.Select(letter => _alphabet.Find(letter.ToString()))]))];
}
