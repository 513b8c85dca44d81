using Microsoft.ML.Runtime;

namespace Microsoft.ML.HLstm.Tests.ModelFile;

/// <summary>Makes a <see cref="ReversingTransformer"/>; declares its columns once, for itself and for the transformer.</summary>
internal sealed class ReversingEstimator(IHostEnvironment env, string output, string input) : IEstimator<ReversingTransformer>
{
    private readonly IHost _host = env.Register(nameof(ReversingEstimator));

    /// <inheritdoc/>
    public ReversingTransformer Fit(IDataView data)
    {
        ReversingTransformer transformer = new(_host, output, input, [0.5f, 0.25f, 3]);
        transformer.Columns.FindInputs(_host, data.Schema);
        return transformer;
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => ReversingTransformer
        .MakeColumns(input, output, output + "Score", output + "Letters", output + "Codes")
        .GetOutputSchema(_host, inputSchema);
}
