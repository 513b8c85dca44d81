using System.CommandLine;
using Microsoft.ML.HLstm;
using Samples.Commands;

namespace Samples.Speech;

/// <summary>The options of convert that give a recogniser other words or another language model.</summary>
internal sealed class LanguageOptions
{
    private readonly Option<string> _words = new("--words") { Description = "A file of words that may be said beside those of the model: one a line, or a pronouncing dictionary", HelpName = "FILE" };
    private readonly Option<string> _model = new("--lm") { Description = "An ARPA file with another language model; --data finds how much it should count, or --lm-weight says it", HelpName = "FILE" };
    private readonly Option<LanguageModelUnit> _unit = EnumOption.Restrict(new Option<LanguageModelUnit>("--lm-unit") { Description = "What the language model of --lm counts" });

    public IEnumerable<Option> Options => [_words, _model, _unit];

    public SpeechRecognitionTransformer Apply(ParseResult parse, SpeechRecognitionTransformer recogniser, bool lowerCase)
    {
        if (parse.GetValue(_words) is { } words)
            recogniser = recogniser.WithWordList(words, lowerCase);
        if (parse.GetValue(_model) is { } model)
            return recogniser.WithLanguageModel(NGramLanguageModel.LoadArpa(model, parse.GetResult(_unit) is null ? LanguageModelUnit.Word : parse.GetValue(_unit)));
        return parse.GetResult(_unit) is null ? recogniser : throw new UsageException($"{_unit.Name} has no effect without {_model.Name}.");
    }
}
