using Microsoft.ML.HLstm;
using Spectre.Console;

namespace Samples.Reporting;

/// <summary>Shows training while it runs: bars on a terminal, otherwise one line an epoch.</summary>
internal static class TrainingDisplay
{
    public static T Run<T>(IAnsiConsole console, Func<IProgress<TrainingProgress>, T> train)
    {
        if (!console.Profile.Capabilities.Interactive || !console.Profile.Out.IsTerminal)
        {
            var lines = new EpochLines(console.Profile.Out.Writer);
            T result = train(lines);
            lines.Flush();
            return result;
        }

        return console.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn { Width = null }, new PercentageColumn())
            .Start(context => train(new Bars(context.AddTask("starting", maxValue: 1), context.AddTask("epoch", maxValue: 1))));
    }

    private sealed class Bars(ProgressTask run, ProgressTask epoch) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            run.Description = Markup.Escape(ProgressText.Run(value));
            run.Value = ProgressText.Fraction(value);
            epoch.Description = Markup.Escape(ProgressText.Epoch(value));
            epoch.Value = (double)value.Batch / Math.Max(1, value.Batches);
        }
    }
}
