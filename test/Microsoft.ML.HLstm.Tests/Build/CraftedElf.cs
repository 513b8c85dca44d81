using System.Buffers.Binary;
using System.Text;

namespace Microsoft.ML.HLstm.Tests.Build;

/// <summary>Makes the smallest ELF library that asks another one for versions.</summary>
internal static class CraftedElf
{
    private const int Headers = 64, Dynamic = Headers + 2 * 56, Needed = Dynamic + 4 * 16, Address = 0x1000;

    /// <summary>The place of the flags of the version at an index.</summary>
    public static int FlagsOf(int index) => Needed + 16 + index * 16 + 4;

    /// <summary>Makes a library that asks for the given versions of libstdc++.</summary>
    public static byte[] Library(params string[] versions)
    {
        int strings = FlagsOf(versions.Length) - 4;
        byte[] names = Encoding.ASCII.GetBytes("\0" + string.Concat(versions.Select(version => version + "\0")));
        byte[] library = new byte[strings + names.Length];
        names.CopyTo(library, strings);
        new byte[] { 0x7F, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1 }.CopyTo(library, 0);
        Put(library, 32, Headers, 8);
        Put(library, 54, 56, 2);
        Put(library, 56, 2, 2);
        Segment(library, Headers, 1, 0, library.Length);
        Segment(library, Headers + 56, 2, Dynamic, 4 * 16);
        (long Tag, long Value)[] entries = [(5, Address + strings), (0x6FFFFFFE, Address + Needed), (0x6FFFFFFF, 1), (0, 0)];
        for (int i = 0; i < entries.Length; i++)
        {
            Put(library, Dynamic + i * 16, entries[i].Tag, 8);
            Put(library, Dynamic + i * 16 + 8, entries[i].Value, 8);
        }
        Put(library, Needed, 1, 2);
        Put(library, Needed + 2, versions.Length, 2);
        Put(library, Needed + 8, 16, 4);
        for (int i = 0, name = 1; i < versions.Length; name += versions[i].Length + 1, i++)
        {
            Put(library, FlagsOf(i) + 4, name, 4);
            Put(library, FlagsOf(i) + 8, i + 1 < versions.Length ? 16 : 0, 4);
        }
        return library;
    }

    private static void Segment(byte[] library, int at, int kind, int offset, int length)
    {
        Put(library, at, kind, 4);
        Put(library, at + 8, offset, 8);
        Put(library, at + 16, Address + offset, 8);
        Put(library, at + 32, length, 8);
    }

    private static void Put(byte[] library, int at, long value, int size)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        bytes[..size].CopyTo(library.AsSpan(at));
    }
}
