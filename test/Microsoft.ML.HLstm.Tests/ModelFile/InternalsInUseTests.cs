using System.Reflection;
using System.Runtime.Loader;
using System.Text;

namespace Microsoft.ML.HLstm.Tests.ModelFile;

/// <summary>
/// ML.NET's internals may change with any version. InternalsInUse.txt lists those that this package stands on; the test
/// fails when one is gone, and when the list is not what the compiled package uses.
/// </summary>
[TestClass]
public sealed class InternalsInUseTests
{
    private static readonly Assembly _package = typeof(SequenceTransformerBase).Assembly;

    [TestMethod]
    public void InternalsInUse_AreThoseOfTheList()
    {
        using StreamReader file = new(typeof(InternalsInUseTests).Assembly.GetManifestResourceStream("InternalsInUse.txt")!);
        string[] listed = file.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        SortedSet<string> used = InternalsInUse.Find(_package);
        string actual = Path.Combine(AppContext.BaseDirectory, "InternalsInUse.txt");
        File.WriteAllLines(actual, used);

        string difference = string.Concat(used.Except(listed).Select(name => "\n+ " + name))
            + string.Concat(listed.Except(used).Select(name => "\n- " + name));
        Assert.AreEqual("", difference, "test/Microsoft.ML.HLstm.Tests/ModelFile/InternalsInUse.txt does not list what the package uses "
            + $"(+ used and not listed, - listed and not used). Fewer internals are better; if they are needed, take the list from {actual}.");
    }

    [TestMethod]
    public void Find_NamesWhatTheInstalledVersionLacks()
    {
        // The same package, but as if it had been compiled against a method of another name.
        byte[] image = File.ReadAllBytes(_package.Location);
        int at = image.AsSpan().IndexOf("\0SaveNonEmptyString\0"u8);
        Encoding.ASCII.GetBytes("LostNonEmptyString").CopyTo(image, at + 1);
        DirectoryInfo folder = Directory.CreateTempSubdirectory("hlstm-");
        AssemblyLoadContext context = new("altered", isCollectible: true);
        try
        {
            string path = Path.Combine(folder.FullName, Path.GetFileName(_package.Location));
            File.WriteAllBytes(path, image);

            MissingMemberException error = Assert.Throws<MissingMemberException>(
                () => InternalsInUse.Find(context.LoadFromAssemblyPath(path)));
            StringAssert.Contains(error.Message, "LostNonEmptyString");
            StringAssert.Contains(error.Message, "Microsoft.ML 5.");
        }
        finally
        {
            context.Unload();
            folder.Delete(recursive: true);
        }
    }
}
