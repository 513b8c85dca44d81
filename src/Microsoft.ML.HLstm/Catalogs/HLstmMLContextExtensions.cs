using Microsoft.ML.HLstm;

namespace Microsoft.ML;

/// <summary>The sequence tasks that this package adds to <see cref="MLContext"/>.</summary>
public static class HLstmMLContextExtensions
{
    extension(MLContext mlContext)
    {
        /// <summary>Trainers and metrics for describing images.</summary>
        public ImageCaptioningCatalog ImageCaptioning => new(mlContext);

        /// <summary>Trainers and metrics for recognising speech.</summary>
        public SpeechRecognitionCatalog SpeechRecognition => new(mlContext);

        /// <summary>Trainers and metrics for translating text.</summary>
        public TranslationCatalog Translation => new(mlContext);
    }
}
