using System.CommandLine;
using Microsoft.ML.HLstm;
using Samples.Commands;

namespace Samples;

[TestClass]
public sealed class OptionSetTests
{
    [TestMethod]
    [DataRow(new string[0], true, false)]
    [DataRow(new[] { "--subwords", "false" }, false, false)]
    [DataRow(new[] { "--lowercase" }, true, true)]
    public void WhatTheCommandLineDoesNotNameKeepsTheLibrarysDefault(string[] args, bool subwords, bool lowerCase)
    {
        OptionSet<TranslationOptions> set = new OptionSet<TranslationOptions>()
            .Set<bool>("--subwords", "", (o, v) => o.Subwords = v)
            .Set<bool>("--lowercase", "", (o, v) => o.LowerCase = v);
        var command = new RootCommand();
        foreach (Option option in set.Options)
            command.Options.Add(option);
        ParseResult parse = command.Parse(args);

        TranslationOptions options = set.Apply(parse, new TranslationOptions());

        Assert.AreEqual(subwords, options.Subwords);
        Assert.AreEqual(lowerCase, options.LowerCase);
        Assert.AreEqual(args.Length > 0 ? 1 : 0, set.Given(parse).Count());
    }
}
