using System.Reflection;

namespace Microsoft.ML.HLstm.Experiments;

/// <summary>Puts the values of a point into trainer options: by the name of a property, or of one in a record inside, such as the schedule.</summary>
internal static class OptionNames
{
    /// <summary>Checks a name of a search space.</summary>
    /// <exception cref="ArgumentException">The options have no such property, and other names are not allowed.</exception>
    public static void Check(Type options, string name, bool othersAllowed)
    {
        if (name == SearchSpace.Algorithm || othersAllowed)
            return;
        string[] path = name.Split('.');
        if (path.Length > 2 || Find(options, path) is null)
            throw new ArgumentException($"The search space has '{name}', which is no option of {options.Name}; allowed are its properties, those of its records as in 'GrowAndPrune.TargetDensity', {SearchSpace.Algorithm}, and other names with a pipeline of one's own.");
    }

    /// <summary>A copy of the options with the values of a point. Names that the options do not have are left to the pipeline.</summary>
    /// <exception cref="ArgumentException">A value is not of the option's type.</exception>
    public static TOptions Apply<TOptions>(TOptions options, ParameterSet parameter) where TOptions : SequenceTrainerOptions
    {
        var copy = (TOptions)options.Copy();
        foreach ((string name, object value) in parameter.Values)
        {
            string[] path = name.Split('.');
            if (name == SearchSpace.Algorithm || path.Length > 2 || Find(typeof(TOptions), path) is not { } property)
                continue;
            object converted = Converted(name, value, property.PropertyType);
            if (path.Length == 1)
            {
                property.SetValue(copy, converted);
                continue;
            }

            PropertyInfo record = typeof(TOptions).GetProperty(path[0])!;
            // A record does not change: its copy does, before anyone sees it.
            object changed = Clone(record.PropertyType)!.Invoke(record.GetValue(copy) ?? Activator.CreateInstance(record.PropertyType), null)!;
            property.SetValue(changed, converted);
            record.SetValue(copy, changed);
        }

        return copy;
    }

    private static PropertyInfo? Find(Type options, string[] path)
    {
        PropertyInfo? property = options.GetProperty(path[0]);
        if (path.Length == 2)
            property = property is not null && Clone(property.PropertyType) is not null ? property.PropertyType.GetProperty(path[1]) : null;
        return property?.SetMethod is { IsPublic: true } ? property : null;
    }

    private static MethodInfo? Clone(Type type) => type.GetMethod("<Clone>$");

    private static object Converted(string name, object value, Type type)
    {
        try
        {
            return ParameterSet.Convert(value, type);
        }
        catch (Exception error) when (error is FormatException or InvalidCastException or OverflowException or ArgumentException)
        {
            throw new ArgumentException($"The parameter '{name}' is {value}; the option is of type {type.Name}.", error);
        }
    }
}
