using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace Microsoft.ML.HLstm.Featurizers.Images;

/// <summary>A hash of all that a transformer computes with: of what it saves, which is all that another process would have of it.</summary>
internal static class TransformerFingerprint
{
    // The versions of packages and the like, which the transformers' own parts do not depend on.
    private const string Information = "TrainingInfo";

    /// <summary>32 hexadecimal digits; another network, size or scaling gives others.</summary>
    public static string Compute(ITransformer transformer, DataViewSchema schema)
    {
        using var file = new MemoryStream();
        new MLContext().Model.Save(transformer, schema, file);
        file.Position = 0;
        using var zip = new ZipArchive(file, ZipArchiveMode.Read);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        // The times that a zip keeps are no part of the model.
        foreach (ZipArchiveEntry entry in zip.Entries.OrderBy(entry => entry.FullName, StringComparer.Ordinal))
        {
            if (entry.FullName.StartsWith(Information, StringComparison.Ordinal))
                continue;
            hash.AppendData(Encoding.UTF8.GetBytes($"{entry.FullName}\n{entry.Length}\n"));
            using Stream content = entry.Open();
            hash.AppendData(SHA256.HashData(content));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..32];
    }
}
