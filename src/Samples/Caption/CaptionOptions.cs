using System.CommandLine;
using Microsoft.ML.HLstm;
using Samples.Commands;

namespace Samples.Caption;

/// <summary>The options of the command line that this task adds.</summary>
internal sealed class CaptionOptions
{
    /// <summary>Pixels of 0 to 255 become numbers of 0 to 1.</summary>
    private const float DefaultScale = 1f / 255;

    public OptionSet<ImageCaptioningOptions> Network { get; } = new OptionSet<ImageCaptioningOptions>()
        .Set<int>("--embedding-size", "Width of the word embeddings and of the projected features", (o, v) => o.EmbeddingSize = v)
        .Set<int>("--layers", "Stacked recurrent layers", (o, v) => o.Layers = v)
        .Set<bool>("--attention", "true where the features are regions that every word looks at", (o, v) => o.Attention = v)
        .Set<int>("--frequency-cutoff", "Times that a word must occur in the training captions to be predicted", (o, v) => o.FrequencyCutoff = v);

    public OptionSet<DecodingOptions> Decoding { get; } = new OptionSet<DecodingOptions>()
        .With<int>("--beam", "Hypotheses that the beam search keeps (default: the model's own)", (o, v) => o with { BeamWidth = v })
        .With<int>("--alternatives", "Captions to find for each image (default: the model's own)", (o, v) => o with { Alternatives = v });

    public Option<string> Cnn { get; } = new("--cnn") { Description = "The convolutional network that makes features of images; needed without --initial", HelpName = "FILE.onnx" };

    public Option<string> CnnOutput { get; } = new("--cnn-output") { Description = "The output that has the features (default: the first)", HelpName = "NAME" };

    public Option<int?> CnnSize { get; } = new("--cnn-size") { Description = "Height and width of the images, for a network that leaves them open", HelpName = "PIXELS" };

    public Option<float> CnnScale { get; } = new("--cnn-scale")
    {
        Description = "What pixels, 0 to 255, are multiplied by (default: 1/255)",
        HelpName = "NUMBER",
        DefaultValueFactory = _ => DefaultScale,
    };

    public Option<float> CnnOffset { get; } = new("--cnn-offset") { Description = "What is subtracted from pixels before that (default: 0)", HelpName = "NUMBER" };

    /// <summary>What is said of the network; a model that is trained on has its own.</summary>
    public IReadOnlyList<Option> OfCnn => [Cnn, CnnOutput, CnnSize, CnnScale, CnnOffset];

    public Option<string> Cache { get; } = new("--cache") { Description = "Folder to keep the features of images in, for further runs", HelpName = "DIR" };

    public Option<bool> SkipInvalid { get; } = new("--skip-invalid-images") { Description = "Leaves out images that are missing or damaged, and says how many" };

    public Option<string> Html { get; } = new("--html") { Description = "Also writes a page with images, captions and alternatives", HelpName = "FILE" };
}
