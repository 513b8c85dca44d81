using System.CommandLine;
using Microsoft.ML;

namespace Samples.Commands;

/// <summary>The names of <see cref="TeacherOptions{TTransformer}"/>.</summary>
internal static class TeacherOptions
{
    public const string Zips = "--teacher", Share = "--teacher-share";
}

/// <summary>The models that a new one learns from beside the data.</summary>
internal sealed class TeacherOptions<TTransformer> where TTransformer : class, ITransformer
{
    private readonly Option<string[]> _zips;

    private readonly Option<double?> _share = new(TeacherOptions.Share) { Description = "Share of what is learned that the teachers decide", HelpName = "NUMBER" };

    /// <param name="same">What a teacher must have in common with the new model.</param>
    public TeacherOptions(string same) =>
        _zips = new(TeacherOptions.Zips) { Description = $"Model zips with the same {same} to learn from beside the data", HelpName = "IN.zip [IN.zip]...", AllowMultipleArgumentsPerToken = true };

    public IEnumerable<Option> Options => [_zips, _share];

    /// <summary>Loads the models that the command line names.</summary>
    /// <returns>The models, and their share: <paramref name="share"/> where none is given.</returns>
    /// <exception cref="UsageException">There is a share and nobody has it.</exception>
    public (IReadOnlyList<TTransformer> Teachers, double Share) Load(MLContext mlContext, ISampleTask task, ParseResult parse, double share)
    {
        string[] zips = parse.GetValue(_zips) ?? [];
        double? given = parse.GetValue(_share);
        if (zips.Length == 0 && given is not null)
            throw new UsageException($"{_share.Name} has no effect without {_zips.Name}.");
        return ([.. zips.Select(zip => ModelChain.Find<TTransformer>(ModelPath.Load(mlContext, ModelPath.Resolve(zip, task))))], given ?? share);
    }
}
