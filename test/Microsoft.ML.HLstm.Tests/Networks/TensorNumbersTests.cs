using System.Reflection;
using Microsoft.ML.HLstm.Networks;
using Microsoft.ML.HLstm.Tests.TestSupport;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Tests.Networks;

/// <summary>Numbers that libtorch reads while the garbage collector is at work.</summary>
[TestClass]
public class TensorNumbersTests
{
    private static readonly Assembly _torch = typeof(Tensor).Assembly;
    private static readonly Dictionary<MethodBase, bool> _makesScalars = [];

    /// <summary>TorchSharp frees a scalar that it has made of a number as soon as nobody holds it, which may be before libtorch has read it.</summary>
    [TestMethod]
    [DataRow(typeof(TensorNumbers))]
    [DataRow(typeof(TensorNumbersTests))]
    public void No_method_but_these_leaves_a_number_to_TorchSharp(Type type)
    {
        string[] found = [.. from method in CalledMethods.Of(type.Assembly)
                             where method.DeclaringType != typeof(TensorNumbers)
                             from called in CalledMethods.Of(method)
                             where MakesScalars(called)
                             select $"{method.DeclaringType!.FullName}.{method.Name} calls {called.DeclaringType!.Name}.{called}"];

        Assert.IsEmpty(found, string.Join('\n', found.Distinct()));
    }

    private static bool MakesScalars(MethodBase method)
    {
        if (method.Module.Assembly != _torch)
            return false;
        if (_makesScalars.TryGetValue(method, out bool known))
            return known;
        _makesScalars[method] = false;
        return _makesScalars[method] = IsConversion(method) || CalledMethods.Of(method).Any(MakesScalars);
    }

    private static bool IsConversion(MethodBase method) => method.Name == "op_Implicit" && method is MethodInfo { ReturnType: var type } && type == typeof(Scalar);
}
