using System.CommandLine;
using System.Globalization;
using Microsoft.ML.HLstm;
using Samples.Commands;

namespace Samples.Speech;

/// <summary>The options of the speech commands.</summary>
internal sealed class SpeechOptions
{
    /// <summary>Columns of the pipeline.</summary>
    private const string LanguageModelWeight = "--lm-weight";

    public const string Waveform = "Waveform", Frames = "Frames", WordTimes = "WordTimes";

    public OptionSet<SpeechRecognitionOptions> Network { get; } = new OptionSet<SpeechRecognitionOptions>()
        .Set<int>("--layers", "Stacked recurrent layers", (o, v) => o.Layers = v)
        .Set<string>("--conv", "Convolutions: channels x kernel frames x kernel bins / stride frames x stride bins, with commas (default: 16x11x11/3x2,16x11x7/1x2)", (o, v) => o.Convolutions = ConvolutionText.Parse(v), "CxFxB/FxB,...")
        .Set<bool>("--bidirectional", "Layers read in both directions", (o, v) => o.Bidirectional = v)
        .Set<bool>("--sum-directions", "true sums the two directions, false puts them behind each other", (o, v) => o.SumDirections = v)
        .Set<bool>("--lowercase", "Lower-cases transcripts first", (o, v) => o.LowerCase = v)
        .Set<bool>("--sorted-first-epoch", "The first epoch goes from short to long recordings", (o, v) => o.SortedFirstEpoch = v)
        .Set<int>("--time-masks", "Stretches of time that are masked in each recording", (o, v) => o.TimeMasks = v)
        .Set<double>("--time-mask-share", "The longest of them, as a share of the recording", (o, v) => o.TimeMaskShare = v)
        .Set<int>("--frequency-masks", "Bands of frequency that are masked in each recording", (o, v) => o.FrequencyMasks = v)
        .Set<double>("--frequency-mask-share", "The widest of them, as a share of all", (o, v) => o.FrequencyMaskShare = v)
        .Set<double>("--noise", "Standard deviation of noise added to each number of a frame", (o, v) => o.Noise = v)
        .Set<double>("--speed-change", "How much faster or slower a recording may be made, as a share of its length", (o, v) => o.SpeedChange = v)
        .Set<double>("--word-replacement", "Probability that a word is replaced by any recorded word", (o, v) => o.WordReplacement = v)
        .Set<double>("--mutual-information-weight", "Share of the loss that makes what else could have been said improbable", (o, v) => o.MutualInformationWeight = v)
        .Set<int>("--lm-order", "Order of the language model of the training transcripts; 0 for none", (o, v) => o.LanguageModelOrder = v)
        .Set<int>("--lm-classes", "Classes that the language model puts words into; 0 for none", (o, v) => o.LanguageModelClasses = v)
        .Set<string>("--lm", "An ARPA file with the language model to save with the model", (o, v) => o.LanguageModelFile = v, "FILE")
        .Set<string>("--words", "A file of words that may be said beside those of the transcripts: one a line, or a pronouncing dictionary", (o, v) => o.WordListFile = v, "FILE")
        .Set<LanguageModelUnit>("--lm-unit", "What the language model counts", (o, v) => o.LanguageModelUnit = v);

    public OptionSet<SpectrogramOptions> Spectrogram { get; } = new OptionSet<SpectrogramOptions>()
        .With<SpectrogramFeatures>("--features", "What a frame holds (default: logmel)", (o, v) => o with { Features = v, FftLength = v == SpectrogramFeatures.LogMagnitude ? null : o.FftLength })
        .With<int>("--mel-bands", "Triangles on the mel scale (default: 80)", (o, v) => o with { MelBands = v })
        .With<int>("--coefficients", "Numbers of a frame of mfcc", (o, v) => o with { Coefficients = v })
        .With<double>("--window", "Length of a frame in milliseconds", (o, v) => o with { WindowMilliseconds = v })
        .With<double>("--hop", "From frame to frame in milliseconds", (o, v) => o with { HopMilliseconds = v })
        .With<int>("--fft", "Length of the Fourier transform in samples (default: 1024 for logmel and mfcc, else the frame's)", (o, v) => o with { FftLength = v })
        .With<SpectrogramNormalization>("--normalization", "What is subtracted and divided by", (o, v) => o with { Normalization = v });

    public OptionSet<CtcDecodingOptions> Decoding { get; } = new OptionSet<CtcDecodingOptions>()
        .With<int>("--beam", "Transcripts that the beam search keeps", (o, v) => o with { BeamWidth = v })
        .With<double>(LanguageModelWeight, "Weight of the language model; 0 and nothing else about the search: greedy", (o, v) => o with { LanguageModelWeight = v })
        .With<double>("--word-bonus", "What each word adds", (o, v) => o with { WordBonus = v })
        .With<double>("--character-bonus", "What each character of a word adds", (o, v) => o with { CharacterBonus = v })
        .With<double>("--unknown-word-penalty", "What a word costs that the language model does not know", (o, v) => o with { UnknownWordPenalty = v })
        .With<double>("--prior-weight", "How much of what is frequent is taken away from what is heard", (o, v) => o with { PriorWeight = v })
        .With<bool>("--word-list", "Allows words of the training transcripts and of --words only", (o, v) => o with { RestrictToWordList = v })
        .With<int>("--alternatives", "Transcripts to find for each recording", (o, v) => o with { Alternatives = v });

    /// <summary>Training has threads of its own.</summary>
    public OptionSet<CtcDecodingOptions> Threads { get; } = new OptionSet<CtcDecodingOptions>()
        .With<int>("--threads", "Threads of scoring a recording", (o, v) => o with { Threads = v });

    public Option<string> AudioFolder { get; } = new("--audio") { Description = "Where relative paths of audio files start", HelpName = "DIR" };

    public Option<string> HeldOutSpeakers { get; } = new("--held-out-speakers")
    {
        Description = "A file with speakers, one a line, each a folder in the paths of its recordings: they are validated and evaluated on, and the others trained on",
        HelpName = "FILE",
    };

    public Option<bool> LowerCaseScore { get; } = new("--lowercase") { Description = "Compares without case" };

    public Option<int> Worst { get; } = new("--worst") { Description = "Worst recordings to show", DefaultValueFactory = _ => 5, HelpName = "NUMBER" };

    public Option<bool> ShowWordTimes { get; } = new("--word-times") { Description = "Shows start and end of each word in seconds" };

    public IEnumerable<Option> Scoring => [.. Decoding.Options, .. Threads.Options];

    /// <summary>A search as the options that ask for it.</summary>
    public static string Text(CtcDecodingOptions decoding) => string.Create(CultureInfo.InvariantCulture,
        $"--beam {decoding.BeamWidth} {LanguageModelWeight} {decoding.LanguageModelWeight} --word-bonus {decoding.WordBonus} --character-bonus {decoding.CharacterBonus} --unknown-word-penalty {decoding.UnknownWordPenalty} --prior-weight {decoding.PriorWeight} --word-list {(decoding.RestrictToWordList ? "true" : "false")}");

    /// <summary>The search that the command line asks for; null where it says nothing about one.</summary>
    public CtcDecodingOptions? Given(ParseResult parse) => Decoding.Given(parse).Any() ? Apply(parse, new CtcDecodingOptions()) : null;

    public CtcDecodingOptions Apply(ParseResult parse, CtcDecodingOptions decoding)
    {
        CtcDecodingOptions asked = Decoding.Apply(parse, decoding);
        // Without the language model nothing has to make up for it.
        bool greedy = asked.LanguageModelWeight == 0 && Decoding.Given(parse).SequenceEqual([LanguageModelWeight]);
        return Threads.Apply(parse, greedy ? new CtcDecodingOptions { BeamWidth = 1, LanguageModelWeight = 0 } : asked);
    }
}
