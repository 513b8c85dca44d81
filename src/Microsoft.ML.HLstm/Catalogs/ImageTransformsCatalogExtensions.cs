using Microsoft.ML.Data;
using Microsoft.ML.HLstm;

namespace Microsoft.ML;

/// <summary>The transforms of images that this package adds to <see cref="TransformsCatalog"/>.</summary>
public static class ImageTransformsCatalogExtensions
{
    extension(TransformsCatalog catalog)
    {
        /// <summary>
        /// Computes the features of pictures with other estimators, checks the pictures, and keeps their features in a folder; see
        /// <see cref="ImageFeaturesEstimator"/>.
        /// </summary>
        /// <param name="outputColumnName">The column of features, which <paramref name="featurizer"/> writes: vector of Single of known size.</param>
        /// <param name="pathColumnName">The column of paths of picture files: text.</param>
        /// <param name="featurizer">
        /// Estimators from the path to the features, such as <c>LoadImages</c> (without a folder: paths are opened as they are),
        /// <c>ResizeImages</c>, <c>ExtractPixels</c> and <c>ApplyOnnxModel</c>.
        /// </param>
        /// <param name="cacheFolder">The folder to keep features in, which is made when it does not exist; null to keep none.</param>
        /// <param name="skipInvalidImages">
        /// True: pictures that cannot be used have NaN for features, and the log says how many. False: they throw <see cref="InvalidImageException"/>.
        /// </param>
        /// <exception cref="ArgumentException">A name is empty; the message names it.</exception>
        public ImageFeaturesEstimator ExtractImageFeatures(string outputColumnName, string pathColumnName, IEstimator<ITransformer> featurizer,
            string? cacheFolder = null, bool skipInvalidImages = false) =>
            new(catalog.GetEnvironment(), outputColumnName, pathColumnName, featurizer, cacheFolder, skipInvalidImages);
    }
}
