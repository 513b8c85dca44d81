using Microsoft.ML.HLstm.Build;

namespace Microsoft.ML.HLstm.Tests.Build;

[TestClass]
public sealed class LibstdcxxCompatibilityTests
{
    [TestMethod]
    public void Weaken_ChangesOnlyTheFlagsOfThatVersion()
    {
        byte[] library = CraftedElf.Library(LibstdcxxCompatibility.Version, "GLIBCXX_3.4.30"), before = [.. library];

        Assert.IsTrue(LibstdcxxCompatibility.Weaken(library));

        int[] changed = [.. Enumerable.Range(0, library.Length).Where(i => library[i] != before[i])];
        CollectionAssert.AreEqual(new[] { CraftedElf.FlagsOf(0) }, changed);
        Assert.AreEqual(2, library[CraftedElf.FlagsOf(0)]);
        Assert.IsFalse(LibstdcxxCompatibility.Weaken(library), "A second time there is nothing left to change.");
    }

    [TestMethod]
    public void Weaken_FindsTheVersionBehindOthers()
    {
        byte[] library = CraftedElf.Library("GLIBCXX_3.4", "GLIBCXX_3.4.30", LibstdcxxCompatibility.Version);

        Assert.IsTrue(LibstdcxxCompatibility.Weaken(library));
        Assert.AreEqual(2, library[CraftedElf.FlagsOf(2)]);
    }

    [TestMethod]
    public void Weaken_LeavesOtherVersionsAlone()
    {
        Assert.IsFalse(LibstdcxxCompatibility.Weaken(CraftedElf.Library("GLIBCXX_3.4.3", "GLIBCXX_3.4.321")));
    }

    [TestMethod]
    public void Weaken_RefusesWhatIsNotElf()
    {
        Assert.Throws<BadImageFormatException>(() => LibstdcxxCompatibility.Weaken(new byte[64]));
        Assert.Throws<BadImageFormatException>(() => LibstdcxxCompatibility.Weaken([0x7F, (byte)'E', (byte)'L', (byte)'F']));
    }

    [TestMethod]
    public void Weaken_SurvivesEveryDamagedByteAndEveryCut()
    {
        byte[] whole = CraftedElf.Library(LibstdcxxCompatibility.Version);
        for (int at = 0; at < whole.Length; at++)
        {
            byte[] damaged = [.. whole];
            damaged[at] ^= 0xFF;
            AcceptsOrRefuses(damaged);
            AcceptsOrRefuses(whole[..at]);
        }
    }

    private static void AcceptsOrRefuses(byte[] library)
    {
        try
        {
            LibstdcxxCompatibility.Weaken(library);
        }
        catch (BadImageFormatException)
        {
            // The one refusal that the build step turns into a warning; anything else fails the test.
        }
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void Build_AdaptsTheRealLibraryWhereThisSystemNeedsIt()
    {
        string output = Path.Combine(AppContext.BaseDirectory, "runtimes/linux-x64/native/libLibTorchSharp.so");
        byte[] library = File.ReadAllBytes(output);

        // Where the system has the version, the package's own file is used and still has its demand.
        Assert.AreEqual(LibstdcxxCompatibility.SystemHasVersion(), LibstdcxxCompatibility.Weaken(library));
    }

    [TestMethod]
    public void HasVersion_TakesWholeNamesOnly()
    {
        Assert.IsTrue(LibstdcxxCompatibility.HasVersion("GLIBCXX_3.4.31\0GLIBCXX_3.4.32\0"u8.ToArray()));
        Assert.IsFalse(LibstdcxxCompatibility.HasVersion("GLIBCXX_3.4.30\0GLIBCXX_3.4.320\0"u8.ToArray()));
    }
}
