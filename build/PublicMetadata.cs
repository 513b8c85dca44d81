#nullable enable
#pragma warning disable IDE0005 // The build compiles this file alone, without implicit usings.
using System;
using System.Collections.Generic;
using System.IO;
using System.Text;

namespace Microsoft.ML.HLstm.Build;

/// <summary>
/// Makes the internal types and members of a managed assembly public in a copy of its bytes, for compilers only.
/// </summary>
/// <remarks>
/// Only visibility bits change, each in its place in the metadata tables (ECMA-335, II.22), so nothing moves and
/// nothing must be rewritten. The tables are read by hand because an inline task compiles against netstandard alone.
/// </remarks>
public static class PublicMetadata
{
    private const int ModuleTable = 0x00, TypeRefTable = 0x01, TypeDefTable = 0x02, FieldPtrTable = 0x03,
        FieldTable = 0x04, MethodPtrTable = 0x05, MethodTable = 0x06, ParamTable = 0x08, ModuleRefTable = 0x1A,
        TypeSpecTable = 0x1B, AssemblyRefTable = 0x23;

    /// <summary>Changes <paramref name="image"/>, the bytes of a managed assembly, in place.</summary>
    /// <returns>How many types, fields and methods were changed.</returns>
    /// <exception cref="BadImageFormatException">The bytes are not a managed assembly that this can read.</exception>
    public static int Publicize(byte[] image)
    {
        int root = MetadataRoot(image);
        Dictionary<string, int> streams = Streams(image, root);
        if (!streams.TryGetValue("#~", out int tables) || !streams.TryGetValue("#Strings", out int strings))
            throw new BadImageFormatException("The assembly has no compressed metadata tables ('#~' and '#Strings').");

        byte heaps = image[tables + 6];
        int text = (heaps & 1) != 0 ? 4 : 2, guid = (heaps & 2) != 0 ? 4 : 2, blob = (heaps & 4) != 0 ? 4 : 2;
        ulong present = BitConverter.ToUInt64(image, tables + 8);
        int[] rows = new int[64];
        int position = tables + 24;
        for (int table = 0; table < 64; table++)
        {
            if ((present >> table & 1) == 0)
                continue;
            rows[table] = BitConverter.ToInt32(image, position);
            position += 4;
        }
        int Index(int table) => rows[table] > 0xFFFF ? 4 : 2;
        int Coded(params int[] targets) => Array.Exists(targets, target => rows[target] > 0x3FFF) ? 4 : 2;

        int extends = Coded(TypeDefTable, TypeRefTable, TypeSpecTable);
        int scope = Coded(ModuleTable, ModuleRefTable, AssemblyRefTable, TypeRefTable);
        int typeSize = 4 + 2 * text + extends + Index(FieldTable) + Index(MethodTable);
        int fieldSize = 2 + text + blob;
        int methodSize = 8 + text + blob + Index(ParamTable);
        int types = position + rows[ModuleTable] * (2 + text + 3 * guid) + rows[TypeRefTable] * (scope + 2 * text);
        int fields = types + rows[TypeDefTable] * typeSize + rows[FieldPtrTable] * Index(FieldTable);
        int methods = fields + rows[FieldTable] * fieldSize + rows[MethodPtrTable] * Index(MethodTable);

        int changed = 0;
        for (int row = 0; row < rows[TypeDefTable]; row++)
        {
            int at = types + row * typeSize;
            int space = strings + (text == 4 ? BitConverter.ToInt32(image, at + 8) : BitConverter.ToUInt16(image, at + 6));
            if (!IsCompilersOwn(image, space))
                changed += Replace(image, at, TypeVisibility(image[at] & 7));
        }
        for (int row = 0; row < rows[FieldTable]; row++)
            changed += Replace(image, fields + row * fieldSize, MemberVisibility(image[fields + row * fieldSize] & 7));
        for (int row = 0; row < rows[MethodTable]; row++)
            changed += Replace(image, methods + row * methodSize + 6, MemberVisibility(image[methods + row * methodSize + 6] & 7));
        return changed;
    }

    // Not public becomes public, nested internal becomes nested public, nested private protected becomes nested protected.
    private static int TypeVisibility(int now) => now == 0 ? 1 : now == 5 ? 2 : now == 6 ? 4 : now;

    // Internal becomes public. Private protected becomes protected, so that overrides are written 'protected override'.
    private static int MemberVisibility(int now) => now == 3 ? 6 : now == 2 ? 4 : now;

    private static int Replace(byte[] image, int at, int visibility)
    {
        byte before = image[at];
        image[at] = (byte)(before & ~7 | visibility);
        return before == image[at] ? 0 : 1;
    }

    // Attributes that a compiler puts into every assembly (NullableAttribute, EmbeddedAttribute, ...) would clash.
    private static bool IsCompilersOwn(byte[] image, int nameSpace)
    {
        int end = Array.IndexOf(image, (byte)0, nameSpace);
        string name = Encoding.UTF8.GetString(image, nameSpace, end - nameSpace);
        return name.StartsWith("System", StringComparison.Ordinal) || name == "Microsoft.CodeAnalysis";
    }

    private static int MetadataRoot(byte[] image)
    {
        if (image.Length < 0x80 || image[0] != 'M' || image[1] != 'Z')
            throw new BadImageFormatException("The file is not a portable executable.");
        int header = BitConverter.ToInt32(image, 0x3C);
        int optional = header + 24;
        int directories = optional + (BitConverter.ToUInt16(image, optional) == 0x20B ? 112 : 96);
        int sections = optional + BitConverter.ToUInt16(image, header + 20);
        int count = BitConverter.ToUInt16(image, header + 6);
        int Offset(int address)
        {
            for (int at = sections; at < sections + count * 40; at += 40)
            {
                int start = BitConverter.ToInt32(image, at + 12);
                if (address >= start && address < start + BitConverter.ToInt32(image, at + 16))
                    return address - start + BitConverter.ToInt32(image, at + 20);
            }
            throw new BadImageFormatException("The file has no managed metadata.");
        }
        int managed = Offset(BitConverter.ToInt32(image, directories + 14 * 8));
        int root = Offset(BitConverter.ToInt32(image, managed + 8));
        return BitConverter.ToUInt32(image, root) == 0x424A5342
            ? root : throw new BadImageFormatException("The file's metadata does not begin with its signature.");
    }

    private static Dictionary<string, int> Streams(byte[] image, int root)
    {
        Dictionary<string, int> streams = new Dictionary<string, int>(StringComparer.Ordinal);
        int at = root + 16 + BitConverter.ToInt32(image, root + 12);
        int count = BitConverter.ToUInt16(image, at + 2);
        at += 4;
        for (int i = 0; i < count; i++)
        {
            int end = Array.IndexOf(image, (byte)0, at + 8);
            string name = Encoding.ASCII.GetString(image, at + 8, end - at - 8);
            streams[name] = root + BitConverter.ToInt32(image, at);
            at += 8 + (name.Length / 4 + 1) * 4; // names end in zeros up to a multiple of four
        }
        return streams;
    }
}

#if !HLSTM_TESTS
/// <summary>The build step around <see cref="PublicMetadata"/>: one copy per reference.</summary>
public sealed class PublicizeReferences : Microsoft.Build.Utilities.Task
{
    [Microsoft.Build.Framework.Required]
    public Microsoft.Build.Framework.ITaskItem[] References { get; set; } = Array.Empty<Microsoft.Build.Framework.ITaskItem>();

    [Microsoft.Build.Framework.Required]
    public string OutputFolder { get; set; } = "";

    public override bool Execute()
    {
        Directory.CreateDirectory(OutputFolder);
        foreach (Microsoft.Build.Framework.ITaskItem reference in References)
        {
            string source = reference.GetMetadata("FullPath");
            try
            {
                byte[] image = File.ReadAllBytes(source);
                int changed = PublicMetadata.Publicize(image);
                string target = Path.Combine(OutputFolder, Path.GetFileName(source));
                string draft = target + "." + Guid.NewGuid().ToString("N");
                File.WriteAllBytes(draft, image); // complete before it is seen: another build may be reading the old one
                File.Delete(target);
                File.Move(draft, target);
                Log.LogMessage(source + ": " + changed + " internal types and members are public in the copy for the compiler.");
            }
            catch (Exception error) when (error is BadImageFormatException || error is IOException || error is ArgumentException)
            {
                Log.LogError("Cannot make a public copy of the reference '" + source + "': " + error.Message);
            }
        }
        return !Log.HasLoggedErrors;
    }
}
#endif
