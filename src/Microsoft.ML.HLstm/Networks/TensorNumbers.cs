using Microsoft.ML.HLstm.Inference;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Networks;

/// <summary>
/// Tensors and numbers. TorchSharp makes an object of every number, of the factor 1 in a sum of two tensors, too, and holds it no longer than until libtorch is called: the
/// garbage collector may free it while libtorch is about to read it, and then the result is wrong, or an exception says nothing that helps. Here they are held.
/// </summary>
internal static class TensorNumbers
{
    private static readonly Scalar _one = 1, _leakySlope = (double)CellWeights.LeakySlope;

    /// <summary>The sum of two tensors.</summary>
    public static Tensor Plus(this Tensor tensor, Tensor other) => tensor.add(other, _one);

    /// <summary>Adds another tensor to this one.</summary>
    public static Tensor PlusInPlace(this Tensor tensor, Tensor other) => tensor.add_(other, _one);

    /// <summary>The sum of a tensor and the product of two others, element by element.</summary>
    public static Tensor PlusProduct(this Tensor tensor, Tensor one, Tensor other) => tensor.addcmul(one, other, _one);

    /// <summary>The sum of a tensor and a number.</summary>
    public static Tensor Plus(this Tensor tensor, double number) => Holding(number, held => tensor.add(held, _one));

    /// <summary>The product of a tensor and a number.</summary>
    public static Tensor Times(this Tensor tensor, double number) => Holding(number, tensor.mul);

    /// <summary>A tensor divided by a number.</summary>
    public static Tensor DividedBy(this Tensor tensor, double number) => Holding(number, held => tensor.div(held));

    /// <summary>Divides a tensor by a number.</summary>
    public static Tensor DivideInPlace(this Tensor tensor, double number) => Holding(number, held => tensor.div_(held));

    /// <summary>Where a tensor is at least a number.</summary>
    public static Tensor IsAtLeast(this Tensor tensor, double number) => Holding(number, tensor.ge);

    /// <summary>Where a tensor of whole numbers is not a certain one.</summary>
    public static Tensor IsNot(this Tensor tensor, long number) => Holding(number, tensor.ne);

    /// <summary>A tensor without what lies outside of two numbers.</summary>
    public static Tensor Within(this Tensor tensor, double low, double high)
    {
        using Scalar least = low, most = high;
        return tensor.clamp(least, most);
    }

    /// <summary>The leaky ReLU of the gates, in place.</summary>
    public static Tensor LeakyReluInPlace(this Tensor tensor) => tensor.leaky_relu_(_leakySlope);

    /// <summary>A tensor of which every value is a number.</summary>
    public static Tensor Filled(long[] shape, double number, ScalarType type) => Holding(number, held => full(shape, held, type));

    private static Tensor Holding(Scalar number, Func<Scalar, Tensor> use)
    {
        using (number)
            return use(number);
    }
}
