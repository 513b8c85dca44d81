using Microsoft.ML.HLstm.Inference.LanguageModels;

namespace Microsoft.ML.HLstm.Inference.Ctc;

/// <summary>
/// What <see cref="CtcDecodingOptions"/> adds to the probability of a transcript, label by label. A word counts when it ends;
/// one that cannot become known any more counts at once, which changes no sum and lets the search drop it sooner. Immutable:
/// many searches can share one.
/// </summary>
internal sealed class CtcScorer
{
    private readonly NGramLanguageModel? _model;
    private readonly CtcLexicon? _lexicon;
    private readonly int[] _tokens = [];

    /// <summary>Prepares the objective of some options.</summary>
    /// <param name="alphabet">The labels.</param>
    /// <param name="options">The options, which are checked.</param>
    /// <param name="model">The language model; null has no influence.</param>
    /// <param name="wordList">The words that <see cref="CtcDecodingOptions.RestrictToWordList"/> allows; null if there are none.</param>
    /// <param name="priors">How often each label comes; null if that is not known.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or the word list or the priors that it needs are missing, or no word can be written in the alphabet.</exception>
    public CtcScorer(CtcAlphabet alphabet, CtcDecodingOptions options, NGramLanguageModel? model = null, IEnumerable<string>? wordList = null, CtcPriors? priors = null)
    {
        options.Validate();
        Alphabet = alphabet;
        Options = options;
        if (options.PriorWeight > 0)
            Priors = priors ?? throw new ArgumentException($"The option Decoding.{nameof(options.PriorWeight)} is {options.PriorWeight}; only 0 is allowed for a model that does not know how often it gives each symbol. Tuning its search learns that.", nameof(priors));
        _model = options.LanguageModelWeight > 0 || options.UnknownWordPenalty > 0 ? model : null;
        if (_model is { Unit: LanguageModelUnit.Character })
            _tokens = alphabet.Tokens(_model.Vocabulary);
        if (options.RestrictToWordList)
            _lexicon = Lexicon(wordList ?? throw new ArgumentException("The option Decoding.RestrictToWordList is True; a word list is needed for that.", nameof(wordList)), nameof(wordList));
        else if (CountsWords)
            _lexicon = Lexicon(Enumerable.Range(0, model!.VocabularySize).Select(token => model.Vocabulary[token]).Where(token => !NGramVocabulary.IsReserved(token)), nameof(model));
        Begin = new CtcState(0, _model?.BeginContext ?? default);
    }

    /// <summary>The labels.</summary>
    public CtcAlphabet Alphabet { get; }

    /// <summary>The options.</summary>
    public CtcDecodingOptions Options { get; }

    /// <summary>What is taken away from what the network gives; null for nothing.</summary>
    public CtcPriors? Priors { get; }

    /// <summary>The state of the empty transcript.</summary>
    public CtcState Begin { get; }

    /// <summary>Whether the probability of a transcript is all that matters.</summary>
    public bool IsNeutral => _model is null && _lexicon is null && Priors is null && Options.WordBonus == 0 && Options.CharacterBonus == 0;

    private bool CountsWords => _model is { Unit: LanguageModelUnit.Word };

    /// <summary>The most that <see cref="TryExtend"/> can add.</summary>
    public double Most => Math.Max(Options.WordBonus, Options.CharacterBonus);

    /// <summary>The most that <see cref="TryExtend"/> can add for a label.</summary>
    public double MostFor(int label) => label == Alphabet.Separator ? Options.WordBonus : Options.CharacterBonus;

    /// <summary>Continues a transcript by a label, a separator only where a word ends.</summary>
    /// <returns>False where no allowed word goes on so.</returns>
    public bool TryExtend(CtcState state, int label, out CtcState next, out double added)
    {
        if (label == Alphabet.Separator)
        {
            bool ends = TryEndWord(state, out NGramContext context, out added);
            next = new CtcState(0, context);
            AddCharacter(label, ref next, ref added);
            return ends;
        }

        added = Options.CharacterBonus;
        next = state with { Word = state.Word < 0 || _lexicon is null ? -1 : _lexicon.Find(state.Word, label) };
        if (next.Word < 0 && Options.RestrictToWordList)
            return false;
        if (next.Word < 0 && state.Word >= 0 && CountsWords)
        {
            added += UnknownWord(state.Context, out NGramContext context);
            next = next with { Context = context };
        }

        AddCharacter(label, ref next, ref added);
        return true;
    }

    /// <summary>Ends a transcript.</summary>
    /// <returns>False where its last word is not an allowed one.</returns>
    public bool TryFinish(CtcState state, out double added)
    {
        bool ends = TryEndWord(state, out NGramContext context, out added);
        if (ends && _model is not null)
            added += Options.LanguageModelWeight * _model.Score(context, _model.Vocabulary.End, out _);
        return ends;
    }

    private bool TryEndWord(CtcState state, out NGramContext context, out double added)
    {
        context = state.Context;
        added = 0;
        if (state.Word == 0)
            return true;
        added = Options.WordBonus;
        if (state.Word < 0)
            return true;
        int token = _lexicon!.Word(state.Word);
        if (token < 0 && Options.RestrictToWordList)
            return false;
        if (CountsWords)
        {
            added += token < 0 || token == _model!.Vocabulary.Unknown
                ? UnknownWord(state.Context, out context)
                : Options.LanguageModelWeight * _model.Score(state.Context, token, out context);
        }

        return true;
    }

    private double UnknownWord(NGramContext context, out NGramContext next) =>
        (Options.LanguageModelWeight * _model!.Score(context, _model.Vocabulary.Unknown, out next)) - Options.UnknownWordPenalty;

    private void AddCharacter(int label, ref CtcState state, ref double added)
    {
        if (_tokens.Length == 0)
            return;
        added += Options.LanguageModelWeight * _model!.Score(state.Context, _tokens[label], out NGramContext context);
        state = state with { Context = context };
    }

    private CtcLexicon Lexicon(IEnumerable<string> words, string name)
    {
        var lexicon = new CtcLexicon();
        foreach (string word in words)
        {
            // What cannot be written in the alphabet is never recognised.
            if (Alphabet.TrySpell(word, out int[]? labels))
                lexicon.Add(labels, CountsWords ? _model!.Vocabulary.Find(word) : 0);
        }

        return lexicon.Count > 0
            ? lexicon
            : throw new ArgumentException("Of the given words 0 can be written with the symbols of the network; at least 1 is needed.", name);
    }
}
