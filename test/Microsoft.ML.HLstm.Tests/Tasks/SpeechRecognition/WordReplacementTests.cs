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
    public void It_needs_an_initial_model_and_trains_on_from_one_again_and_again_the_same()
    {
        using var folder = new TempFolder();
        SpeechRecognitionOptions options = TinySpeech.Options(3);
        options.WordReplacement = 0.3;
        Assert.Contains("WordReplacement is 0.3", Assert.Throws<ArgumentException>(() => Fit(options, null)).Message);

        byte[] once = TinySpeechModel.Zip(Fit(options, TinySpeechModel.Trained));
        using var source = new CancellationTokenSource();
        options.CheckpointFolder = folder.PathOf("checkpoints");
        options.CancellationToken = source.Token;
        int prepared = 0, left = 9;
        options.Progress = new Reporter(report =>
        {
            prepared += report.Phase == TrainingPhase.Prepare ? 1 : 0;
            if (report.Phase != TrainingPhase.Prepare && --left == 0)
                source.Cancel();
        });
        Assert.Throws<OperationCanceledException>(() => Fit(options, TinySpeechModel.Trained));
        Assert.IsGreaterThan(0, prepared);
        (options.CancellationToken, options.Progress) = (default, null);
        SpeechRecognitionTransformer resumed = Fit(options, TinySpeechModel.Trained);

        CollectionAssert.AreEqual(TinySpeechModel.Transcribe(TinySpeechModel.Load(once)), TinySpeechModel.Transcribe(resumed));
        Assert.AreEqual(TinySpeechModel.Load(once).Model.Fingerprint(), resumed.Model.Fingerprint());
        options.CheckpointFolder = null;
        options.WordReplacement = 0;
        Assert.AreNotEqual(resumed.Model.Fingerprint(), Fit(options, TinySpeechModel.Trained).Model.Fingerprint());
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
