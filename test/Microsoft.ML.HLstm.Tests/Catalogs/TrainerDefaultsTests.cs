using System.Reflection;

namespace Microsoft.ML.HLstm.Tests.Catalogs;

/// <summary>A trainer is made with a few arguments or with all options; what is left out has to mean the same both ways.</summary>
[TestClass]
public class TrainerDefaultsTests
{
    [TestMethod]
    [DataRow(typeof(TranslationTrainers), typeof(TranslationOptions))]
    [DataRow(typeof(SpeechRecognitionTrainers), typeof(SpeechRecognitionOptions))]
    [DataRow(typeof(ImageCaptioningTrainers), typeof(ImageCaptioningOptions))]
    public void What_is_left_out_means_the_same_with_arguments_and_with_options(Type trainers, Type options)
    {
        object defaults = Activator.CreateInstance(options)!;
        foreach (string cell in new[] { "HLstm", "Lstm" })
        {
            MethodInfo method = trainers.GetMethods().Single(candidate => candidate.Name == cell && candidate.GetParameters()[0].ParameterType == typeof(string));
            ParameterInfo[] arguments = [.. method.GetParameters().Where(argument => argument.Name is not "growAndPrune")];
            CollectionAssert.IsSubsetOf((string[])["stateSize", "epochs"], arguments.Select(argument => argument.Name).ToArray());
            foreach (ParameterInfo argument in arguments)
                Assert.AreEqual(options.GetProperty(char.ToUpperInvariant(argument.Name![0]) + argument.Name[1..])!.GetValue(defaults), argument.DefaultValue, $"{trainers.Name}.{cell}({argument.Name})");
        }
    }
}
