#nullable enable
#pragma warning disable IDE0005 // The build compiles this file alone, without implicit usings.
using System;
using System.IO;
using System.Text;

namespace Microsoft.ML.HLstm.Build;

/// <summary>
/// Lets TorchSharp's native library load where libstdc++ is older than GCC 13's.
/// </summary>
/// <remarks>
/// libLibTorchSharp.so asks libstdc++ for the version GLIBCXX_3.4.32, for one symbol that only forces an initialisation
/// and is never called; Debian 12 and Ubuntu 22.04 end at 3.4.30. Marking that one demand as weak (VER_FLG_WEAK in the
/// ELF section .gnu.version_r) turns the loader's refusal into nothing, and changes nothing where the version exists.
/// </remarks>
public static class LibstdcxxCompatibility
{
    /// <summary>The version that is asked for.</summary>
    public const string Version = "GLIBCXX_3.4.32";

    private const int Load = 1, Dynamic = 2, StringTable = 5, Needed = 0x6FFFFFFE, NeededCount = 0x6FFFFFFF, Weak = 2;

    /// <summary>Marks the demand for <see cref="Version"/> as weak, in place, in the bytes of a 64-bit ELF library.</summary>
    /// <returns>Whether a byte was changed: false if the demand is weak already or is not there.</returns>
    /// <exception cref="BadImageFormatException">The bytes are not a whole 64-bit little-endian ELF library.</exception>
    public static bool Weaken(byte[] library)
    {
        if (library.Length < 64 || library[0] != 0x7F || library[1] != 'E' || library[2] != 'L' || library[3] != 'F'
            || library[4] != 2 || library[5] != 1)
            throw new BadImageFormatException("The file is not a 64-bit little-endian ELF library.");

        long dynamic = Segment(library, Dynamic, null), needed = -1, strings = -1, count = 0;
        if (dynamic < 0)
            return false;
        for (long tag; (tag = Number(library, dynamic, 8)) != 0; dynamic += 16)
        {
            long value = Number(library, dynamic + 8, 8);
            if (tag == Needed)
                needed = Segment(library, Load, value);
            else if (tag == StringTable)
                strings = Segment(library, Load, value);
            else if (tag == NeededCount)
                count = value;
        }
        bool changed = false;
        for (long file = needed; count > 0 && file >= 0; count--)
        {
            long entry = file + Number(library, file + 8, 4);
            for (long left = Number(library, file + 2, 2); left > 0 && entry >= 0; left--)
            {
                if (Text(library, strings + Number(library, entry + 8, 4)) == Version && (library[entry + 4] & Weak) == 0)
                {
                    library[entry + 4] |= Weak;
                    changed = true;
                }
                entry = Next(library, entry);
            }
            file = Next(library, file);
        }
        return changed;
    }

    /// <summary>Tells whether some libstdc++ in the usual places of this system knows <see cref="Version"/>.</summary>
    public static bool SystemHasVersion()
    {
        string[] usual = { "/usr/lib/x86_64-linux-gnu", "/usr/lib64", "/usr/lib", "/lib64", "/lib" };
        string[] given = (Environment.GetEnvironmentVariable("LD_LIBRARY_PATH") ?? "").Split(':');
        foreach (string[] folders in new[] { given, usual })
        {
            foreach (string folder in folders)
            {
                string file = Path.Combine(folder, "libstdc++.so.6");
                // The first that exists is the one that the loader takes.
                if (folder.Length > 0 && File.Exists(file))
                    return HasVersion(File.ReadAllBytes(file));
            }
        }
        return false;
    }

    /// <summary>Tells whether the bytes of a libstdc++ name <see cref="Version"/>.</summary>
    public static bool HasVersion(byte[] libstdcxx)
    {
        // Latin 1 keeps bytes and characters one to one.
        string text = Encoding.GetEncoding(28591).GetString(libstdcxx);
        return text.Contains(Version + "\0");
    }

    // The place in the file of the first segment of a kind, or of the address inside it; -1 if there is none.
    private static long Segment(byte[] library, int kind, long? address)
    {
        long header = Number(library, 32, 8), size = Number(library, 54, 2);
        for (long left = Number(library, 56, 2); left > 0; left--, header += size)
        {
            long start = Number(library, header + 16, 8), offset = Number(library, header + 8, 8);
            if (Number(library, header, 4) == kind
                && (address == null || (address >= start && address < start + Number(library, header + 32, 8))))
                return offset + (address - start ?? 0);
        }
        return -1;
    }

    // Both kinds of entry end in the distance to the next one; none means the last, whatever a damaged count says.
    private static long Next(byte[] library, long entry)
    {
        long distance = Number(library, entry + 12, 4);
        return distance == 0 ? -1 : entry + distance;
    }

    private static long Number(byte[] library, long at, int size)
    {
        if (at < 0 || at > library.Length - size)
            throw new BadImageFormatException("The ELF library is damaged: it refers to byte " + at + " of " + library.Length + ".");
        long value = 0;
        for (int i = size - 1; i >= 0; i--)
            value = value << 8 | library[at + i];
        return value;
    }

    private static string Text(byte[] library, long at)
    {
        Number(library, at, 1);
        int end = Array.IndexOf(library, (byte)0, (int)at);
        return end < 0 ? "" : Encoding.ASCII.GetString(library, (int)at, Math.Min(end - (int)at, 64));
    }
}

#if !HLSTM_TESTS
/// <summary>The build step around <see cref="LibstdcxxCompatibility"/>: writes a changed copy, never the original.</summary>
public sealed class WeakenLibstdcxxVersion : Microsoft.Build.Utilities.Task
{
    [Microsoft.Build.Framework.Required]
    public string Source { get; set; } = "";

    [Microsoft.Build.Framework.Required]
    public string Target { get; set; } = "";

    /// <summary>Whether to write the copy even where this system's libstdc++ is new enough.</summary>
    public bool Always { get; set; }

    /// <summary>Whether the copy at <see cref="Target"/> is to be used instead of <see cref="Source"/>.</summary>
    [Microsoft.Build.Framework.Output]
    public bool Used { get; set; }

    public override bool Execute()
    {
        try
        {
            if (!Always && LibstdcxxCompatibility.SystemHasVersion())
                return true;
            byte[] library = File.ReadAllBytes(Source);
            if (!LibstdcxxCompatibility.Weaken(library))
                return true;
            string draft = Target + "." + Guid.NewGuid().ToString("N");
            Directory.CreateDirectory(Path.GetDirectoryName(Target) ?? ".");
            File.WriteAllBytes(draft, library);
            // Copies are skipped while time and size agree, so the time must not change with every build.
            File.SetLastWriteTimeUtc(draft, File.GetLastWriteTimeUtc(Source).AddSeconds(2));
            File.Delete(Target);
            File.Move(draft, Target);
            Used = true;
            Log.LogMessage(Target + " no longer insists on " + LibstdcxxCompatibility.Version + ", which this system's libstdc++ lacks.");
        }
        catch (Exception error) when (error is BadImageFormatException || error is IOException || error is UnauthorizedAccessException)
        {
            Log.LogWarning("Could not adapt '" + Source + "' to this system's libstdc++; TorchSharp may not load: " + error.Message);
        }
        return true;
    }
}
#endif
