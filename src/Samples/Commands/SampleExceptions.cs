namespace Samples.Commands;

/// <summary>Something outside the program is wrong, such as a missing file: shown as one line, exit code 1.</summary>
internal sealed class SampleException(string message) : Exception(message);

/// <summary>The command line asks for something that is not allowed: shown as one line, exit code 2.</summary>
internal sealed class UsageException(string message) : Exception(message)
{
    /// <summary>Turns what the library says about an option into wrong usage.</summary>
    public static T Catch<T>(Func<T> create)
    {
        try
        {
            return create();
        }
        catch (ArgumentException exception)
        {
            // .NET adds the parameter's name and value to what the library's message says already.
            throw new UsageException(exception.Message.Split(" (Parameter '")[0]);
        }
    }
}
