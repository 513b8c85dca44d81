namespace Microsoft.ML.HLstm.Tests.ModelFile;

/// <summary>What is said of a model file that is not loaded.</summary>
internal static class ModelRefusal
{
    /// <summary>This package's exception; ML.NET makes transformers by reflection, which wraps what they throw.</summary>
    public static ModelFormatException Of(Stream file)
    {
        Exception thrown = Assert.Throws<Exception>(() => new MLContext().Model.Load(file, out _));
        Exception? error = thrown;
        while (error is not (ModelFormatException or null))
            error = error.InnerException;
        return Assert.IsInstanceOfType<ModelFormatException>(error, thrown.ToString());
    }
}
