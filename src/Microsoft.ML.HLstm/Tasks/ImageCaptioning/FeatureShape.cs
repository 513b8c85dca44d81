using Microsoft.ML.Data;

namespace Microsoft.ML.HLstm.Tasks.ImageCaptioning;

/// <summary>How the features of a picture are laid out: a vector is one region.</summary>
internal readonly record struct FeatureShape(int Regions, int Width)
{
    /// <summary>Features of a picture.</summary>
    public int Count => Regions * Width;

    /// <summary>The shape of a column; what is wrong with the column where it has none.</summary>
    public static (FeatureShape Shape, string? Wrong) Of(DataViewSchema.Column column, bool attention)
    {
        if (column.Type is not VectorDataViewType { IsKnownSize: true } vector)
            return (default, "a vector of unknown size");
        int[] dimensions = [.. vector.Dimensions];
        // Networks put the batch first.
        while (dimensions.Length > 2 && dimensions[0] == 1)
            dimensions = dimensions[1..];
        if (!attention)
            return (new FeatureShape(1, vector.Size), null);
        return dimensions.Length == 2
            ? (new FeatureShape(dimensions[0], dimensions[1]), null)
            : (default, $"{vector}, where Attention needs the dimensions [regions, width]");
    }

    /// <summary>What is wrong with a column to score, or null.</summary>
    public string? WrongWith(DataViewSchema.Column column)
    {
        (FeatureShape found, string? wrong) = Of(column, attention: false);
        return wrong ?? (found.Count == Count ? null : $"{column.Type} of {found.Count} features, where the model was trained on {Count}");
    }

    /// <summary>True for features that a network can read: all there, and finite.</summary>
    public bool Accepts(ReadOnlySpan<float> features)
    {
        if (features.Length != Count)
            return false;
        foreach (float feature in features)
        {
            if (!float.IsFinite(feature))
                return false;
        }

        return true;
    }
}
