using System.Globalization;
using Microsoft.ML.HLstm.Metrics.Captions;

namespace Microsoft.ML.HLstm;

/// <summary>
/// How well captions match the references of their images, in the numbers and on the scales of the
/// <a href="https://github.com/tylin/coco-caption">COCO caption evaluation</a>; publications often print them times 100.
/// </summary>
public sealed class ImageCaptioningMetrics
{
    private readonly CaptionScores _scores;

    internal ImageCaptioningMetrics(CaptionScores scores, long rows)
    {
        _scores = scores;
        Rows = rows;
    }

    /// <summary>
    /// CIDEr-D (Vedantam, Zitnick and Parikh 2015, arXiv 1411.5726), 0 to 10; higher is better. Its weights come from how many
    /// images mention an n-gram, so it needs several images, 0 is what a single one gets, and it is only comparable on the same images.
    /// </summary>
    public double CiderD => _scores.CiderD;

    /// <summary>Corpus BLEU (Papineni et al. 2002) with single words, 0 to 1; higher is better.</summary>
    public double Bleu1 => _scores.Bleu[0];

    /// <summary>Corpus BLEU with n-grams up to 2, 0 to 1; higher is better.</summary>
    public double Bleu2 => _scores.Bleu[1];

    /// <summary>Corpus BLEU with n-grams up to 3, 0 to 1; higher is better.</summary>
    public double Bleu3 => _scores.Bleu[2];

    /// <summary>Corpus BLEU with n-grams up to 4, 0 to 1; higher is better.</summary>
    public double Bleu4 => _scores.Bleu[3];

    /// <summary>ROUGE-L (Lin 2004), an F-measure over longest common subsequences, 0 to 1; higher is better.</summary>
    public double RougeL => _scores.RougeL;

    /// <summary>The number of images, each with one caption that was scored.</summary>
    public int Images => _scores.Images;

    /// <summary>The number of rows, of which an image may have several.</summary>
    public long Rows { get; }

    /// <summary>
    /// How the scores were computed: references an image, tokenisation, where document frequencies come from and over how many
    /// images. Quote it with the scores.
    /// </summary>
    public string Signature => _scores.Signature;

    /// <summary>The metrics in one line.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"CIDEr-D {CiderD:F4}, BLEU-1..4 {Bleu1:F4}/{Bleu2:F4}/{Bleu3:F4}/{Bleu4:F4}, ROUGE-L {RougeL:F4} {Signature}, {Images} images");
}
