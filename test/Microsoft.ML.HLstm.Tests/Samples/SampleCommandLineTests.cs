using System.IO.Compression;
using Microsoft.ML;
using Microsoft.ML.HLstm;
using Microsoft.ML.HLstm.Tests.Featurizers.Audio;
using Microsoft.ML.HLstm.Tests.Tasks.Translation;
using Samples.Commands;
using Samples.Speech;
using Samples.Translate;

namespace Samples;

[TestClass]
public sealed class SampleCommandLineTests
{
    [TestMethod]
    [DataRow("nope", "'nope'")]
    [DataRow("translate", "Required command")]
    [DataRow("translate train --data a", "--model")]
    [DataRow("translate train --data a --model b.zip --goal slow", "--goal is 'slow'; allowed is compact, fast, accurate, none.")]
    [DataRow("translate train --data a --model b.zip --pattern square", "--pattern is 'square'; allowed is unstructured, blocks16x1, balanced32, fastest")]
    [DataRow("translate train --data a --model b.zip --pattern fastest --pruning-rounds 0", "--pattern fastest has no effect with --pruning-rounds 0")]
    [DataRow("translate train --data a --model b.zip --goal none --pattern blocks16x1", "--pattern has no effect with the goal none")]
    [DataRow("translate train --data a --model b.zip --goal 1", "--goal is '1'")]
    [DataRow("translate train --data a --model b.zip --algorithm gru", "allowed is hlstm, lstm")]
    [DataRow("translate train --data a --model b.zip --epochs many", "many")]
    [DataRow("translate train --data a b c --model b.zip", "'c'")]
    [DataRow("translate convert --model a.zip --data a b --lowercase true --output b.zip", "'convert' has no option --lowercase.")]
    [DataRow("translate train --data a --model --epoch 3", "'train' has no option --epoch.")]
    [DataRow("translate train --data a --model b.zip --goal none --target-density 0.1", "--target-density has no effect")]
    [DataRow("translate train --data a --ablation --initial b.zip", "leave out --initial")]
    [DataRow("translate train --data a --ablation --goal none", "--ablation has no effect with the goal none")]
    [DataRow("translate train --data a --ablation --growth-rounds 0", "--growth-rounds is 0")]
    [DataRow("translate train --data a --ablation --goal compact --pruning-rounds 0", "--pruning-rounds is 0")]
    [DataRow("translate train --data a --ablation --goal fast", "--pattern is fastest")]
    [DataRow("translate train --data a --model b.zip --algorithm lstm --growth-rounds 2", "--growth-rounds has no effect")]
    [DataRow("translate predict --modle a.zip Hallo", "'predict' has no option --modle.")]
    [DataRow("translate experiment --data a --valid b --report c --teacher d.zip", "'--teacher'")]
    [DataRow("translate experiment --data a --valid b --report c --checkpoints d", "'--checkpoints'")]
    [DataRow("speech predict --word-times --alternatives 2 a.wav", "--word-times has no effect with --alternatives")]
    [DataRow("caption predict a.jpg", "--model")]
    [DataRow("translate experiment --data a", "--report")]
    [DataRow("translate experiment --data a --report b", "--valid is missing")]
    [DataRow("translate experiment --data a --report b --goal none", "allowed is mostaccurate, smallest, fastest")]
    public void WrongUsageIsOneMessageAndExitCode2(string line, string message) =>
        AssertFails(SampleCommandLine.WrongUsage, message, line.Split(' '));

    [TestMethod]
    public void MissingFilesAreOneLineAndExitCode1()
    {
        using var folder = new TempFolder();
        string data = folder.Write("a.tsv", "Hi.\tHallo!\n");
        string none = folder.PathOf("none");
        AssertFails(SampleCommandLine.Failure, $"The file {none} does not exist.", "translate", "train", "--data", none, "--model", folder.PathOf("m.zip"));
        AssertFails(SampleCommandLine.Failure, $"The model {none} does not exist.", "translate", "evaluate", "--data", data, "--model", none);
        AssertFails(SampleCommandLine.Failure, $"The model {none} does not exist.", "translate", "predict", "--model", none, "Hallo");
        AssertFails(SampleCommandLine.Failure, $"The model {data} cannot be read", "translate", "predict", "--model", data, "Hallo");
        AssertFails(SampleCommandLine.Failure, "is a folder", "translate", "train", "--data", data, "--model", folder.Path);
        // Before anything is trained; a model is written here first.
        Directory.CreateDirectory(folder.PathOf("m.zip.tmp"));
        AssertFails(SampleCommandLine.Failure, $"The file {folder.PathOf("m.zip")} cannot be written", "translate", "train", "--data", data, "--model", folder.PathOf("m.zip"));
        AssertFails(SampleCommandLine.WrongUsage, "'' is no name of a file.", "translate", "train", "--data", data, "--model", "");
    }

    [TestMethod]
    public void WhatIsWrongWithADamagedModelIsSaid()
    {
        using var folder = new TempFolder();
        string damaged = folder.PathOf("damaged.zip");
        File.Copy(Path.Combine(AppContext.BaseDirectory, "models", "translate-de-en.zip"), damaged);
        using (ZipArchive archive = ZipFile.Open(damaged, ZipArchiveMode.Update))
            archive.Entries.Single(entry => entry.FullName.EndsWith("Vocabularies", StringComparison.Ordinal)).Delete();
        AssertFails(SampleCommandLine.Failure, $"The model {damaged} cannot be read: The stream is missing from the model file. (Vocabularies", "translate", "predict", "--model", damaged, "Hallo");
    }

    [TestMethod]
    public void AModelOfOtherColumnsIsNamedWithTheColumn()
    {
        using var folder = new TempFolder();
        string model = folder.PathOf("model.zip");
        var mlContext = new MLContext(1);
        IDataView rows = mlContext.Transforms.CopyColumns("Source", "German").Append(mlContext.Transforms.DropColumns("German")).Fit(TinyCorpus.Load(mlContext)).Transform(TinyCorpus.Load(mlContext));
        TranslationOptions options = TinyCorpus.Options(1);
        options.FeatureColumnName = "Source";
        mlContext.Model.Save(mlContext.Translation.Trainers.HLstm(options).Fit(rows), rows.Schema, model);
        string data = folder.Write("a.tsv", "Hi.\tHallo!\n");
        AssertFails(SampleCommandLine.Failure, $"The model {model} does not read the columns of this command", "translate", "predict", "--model", model, "Hallo");
        AssertFails(SampleCommandLine.Failure, "'Source'", "translate", "evaluate", "--data", data, "--model", model);
    }

    [TestMethod]
    public void ModelsThatShipAnswer()
    {
        var mlContext = new MLContext();
        foreach ((ISampleTask task, string input, string output) in ((ISampleTask, string, string)[])[
            (new TranslateTask(), "Ich habe einen Hund.", "I have a dog."), (new SpeechTask(), Path.Combine(An4.Folder, "an241-mdcs-b.sph"), "ENTER FIFTY SIXTY THREE")])
        {
            ITransformer model = ModelPath.Load(mlContext, ModelPath.Resolve(null, task));
            Assert.AreEqual(output, task.CreatePredictor(mlContext, model, SampleCommandLine.Create().Parse([task.Name, "predict", input]))(input)[0].Text);
        }
    }

    [TestMethod]
    public void AFolderInTheirPlaceIsNamedAsOne()
    {
        using var folder = new TempFolder();
        AssertFails(SampleCommandLine.Failure, $"The file '{folder.Path}' cannot be opened: it is a folder.", "speech", "predict", folder.Path);
    }

    [TestMethod]
    public void DataThatCannotBeTrainedOnAreOneLineAndExitCode1()
    {
        using var folder = new TempFolder();
        AssertFails(SampleCommandLine.Failure, "The training data has 1 different translation; at least 2 are needed to hold one out.",
            "translate", "train", "--data", folder.Write("a.tsv", "Hi.\tHallo!\n"), "--model", folder.PathOf("m.zip"));
    }

    [TestMethod]
    public void AnOptionOutOfItsRangeIsWrongUsage()
    {
        using var folder = new TempFolder();
        string data = folder.Write("a.tsv", "Hi.\tHallo!\n");
        AssertFails(SampleCommandLine.WrongUsage, "The option Epochs is 0;", "translate", "train", "--data", data, "--model", folder.PathOf("m.zip"), "--epochs", "0");
        AssertFails(SampleCommandLine.WrongUsage, "--teacher-share has no effect without --teacher", "translate", "train", "--data", data, "--model", folder.PathOf("m.zip"), "--teacher-share", "0.5");
        AssertFails(SampleCommandLine.WrongUsage, "The option CheckpointInterval is -", "translate", "train", "--data", data, "--model", folder.PathOf("m.zip"), "--checkpoints", folder.PathOf("c"), "--checkpoint-minutes", "-1");
    }

    [TestMethod]
    public void OneOutputIsALineSeveralAreRanked()
    {
        var text = new StringWriter { NewLine = "\n" };
        PredictCommand.Write(text, [new ScoredText("Hello", -0.5f)], ranked: false);
        PredictCommand.Write(text, [new ScoredText("Hello", -0.5f), new ScoredText("Hi", -1.25f)], ranked: true);
        Assert.AreEqual("Hello\n1\t-0.5000\tHello\n2\t-1.2500\tHi\n\n", text.ToString());
    }

    private static void AssertFails(int code, string message, params string[] args)
    {
        var error = new StringWriter();
        Assert.AreEqual(code, SampleCommandLine.Run(args, error), error.ToString());
        Assert.Contains(message, error.ToString());
        Assert.DoesNotContain("   at ", error.ToString());
    }
}
