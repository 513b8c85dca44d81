using Microsoft.ML.HLstm.Inference;
using Microsoft.ML.HLstm.Networks;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Benchmarks.Scoring;

/// <summary>Gives the library's LSTM modules our weights; both have the gates in the order i, f, g, o.</summary>
internal static class TorchWeights
{
    public static void Set(nn.Module module, string suffix, CellWeights cell)
    {
        Dictionary<string, Parameter> parameters = module.named_parameters().ToDictionary(entry => entry.name, entry => entry.parameter);
        void Values(string name, float[] values) => WeightImport.Values(parameters[name + suffix], values, name + suffix);
        Values("weight_ih", cell.Input.Values);
        Values("weight_hh", cell.Recurrent.Values);
        Values("bias_ih", cell.Bias);
        Values("bias_hh", new float[cell.Bias.Length]);
    }
}
