namespace Microsoft.ML.HLstm;

/// <summary>Checks of options: each failure names the option, its value and what is allowed.</summary>
internal static class OptionChecks
{
    public static void NotNull(object? value, string option)
    {
        if (value is null)
            throw new ArgumentNullException(option, $"The option {option} must be set.");
    }

    /// <summary>Refuses a list that is null or has a null in it.</summary>
    public static void NoneNull<T>(IReadOnlyList<T> values, string option) where T : class
    {
        NotNull(values, option);
        foreach (T value in values)
            NotNull(value, option);
    }

    public static void NotEmpty(string? value, string option)
    {
        if (string.IsNullOrWhiteSpace(value))
            throw new ArgumentException($"The option {option} is '{value}'; it must not be empty.", option);
    }

    public static void InRange(int value, int minimum, int maximum, string option)
    {
        if (value < minimum || value > maximum)
            throw OutOfRange(option, value, $"from {minimum} to {maximum}");
    }

    /// <summary>NaN fails, as it does in every check here: comparisons are written so that it is not allowed.</summary>
    public static void AboveUpTo(double value, double above, double upTo, string option)
    {
        if (!(value > above && value <= upTo))
            throw OutOfRange(option, value, upTo == double.MaxValue ? $"above {above}" : $"above {above} and at most {upTo}");
    }

    public static void InRange(double value, double minimum, double maximum, string option)
    {
        if (!(value >= minimum && value <= maximum))
            throw OutOfRange(option, value, $"from {minimum} to {maximum}");
    }

    public static void Probability(double value, string option)
    {
        if (!(value >= 0 && value < 1))
            throw OutOfRange(option, value, "at least 0 and below 1");
    }

    public static void Defined<TEnum>(TEnum value, string option) where TEnum : struct, Enum
    {
        if (!Enum.IsDefined(value))
            throw OutOfRange(option, value, "one of " + string.Join(", ", Enum.GetNames<TEnum>()));
    }

    public static ArgumentOutOfRangeException OutOfRange(string option, object value, string allowed) =>
        new(option, value, $"The option {option} is {value}; allowed is {allowed}.");
}
