using System.Diagnostics.CodeAnalysis;
using Microsoft.ML.Data;
using Microsoft.ML.HLstm.ModelFile;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.HLstm;

/// <summary>The base of this package's transformers: scores rows, and lives in ML.NET's model zip.</summary>
/// <remarks>
/// A derived class declares its columns, makes scorers, and saves and loads its content. For loading, its file has
/// <c>[assembly: LoadableClass(...)]</c> for <c>SignatureLoadModel</c> and a static <c>Create(IHostEnvironment, ModelLoadContext)</c>.
/// ML.NET calls that by reflection, so a <see cref="ModelFormatException"/> from it reaches users as an inner exception.
/// </remarks>
public abstract class SequenceTransformerBase : RowToRowTransformerBase, ITransformer
{
    private const string KeyStream = "Model.key", ChecksumSuffix = ".crc32c";

    private protected SequenceTransformerBase(IHost host, SequenceColumns columns)
        : base(host) => Columns = columns;

    /// <summary>The columns that the transformer reads and writes.</summary>
    internal SequenceColumns Columns { get; }

    /// <summary>Adds the output columns to data. Cursors look some rows ahead and score them together; values are the same.</summary>
    /// <param name="input">Data that has the input columns.</param>
    /// <exception cref="ArgumentOutOfRangeException">An input is not there or not of its type: ML.NET's schema mismatch.</exception>
    public new IDataView Transform(IDataView input)
    {
        Host.CheckValue(input, nameof(input));
        return new RowToRowMapperTransform(Host, new LookAheadView(Host, input), MakeRowMapper(input.Schema), MakeRowMapper);
    }

    /// <summary>The format's name and versions; make it with <see cref="MakeVersion"/>.</summary>
    private protected abstract VersionInfo Version { get; }

    /// <summary>Makes the scorer of one cursor. Cursors run on several threads: what scorers share must not change.</summary>
    internal abstract SequenceScorer CreateScorer();

    /// <summary>The name of the label's column, where the transformer knows one.</summary>
    private protected virtual string? LabelName => null;

    /// <summary>Writes the small values that are not names of columns.</summary>
    private protected abstract void WriteSettings(BinaryWriter writer);

    /// <summary>Writes what has streams of its own, with <see cref="SaveStream"/>.</summary>
    private protected virtual void SaveStreams(ModelSaveContext ctx)
    {
    }

    /// <inheritdoc/>
    protected sealed override IRowMapper MakeRowMapper(DataViewSchema schema) => new SequenceRowMapper(Host, this, schema);

    /// <inheritdoc/>
    protected sealed override void SaveModel(ModelSaveContext ctx)
    {
        ctx.CheckAtModel();
        ctx.SetVersionInfo(Version);
        string[] names = [.. Columns.Names];
        ctx.Writer.Write(names.Length);
        foreach (string name in names)
            ctx.SaveNonEmptyString(name);
        if (LabelName is { } label)
            ctx.SaveNonEmptyString(label);
        WriteSettings(ctx.Writer);
        SaveStreams(ctx);
        SaveChecksum(ctx, KeyStream, SettingsChecksum());
    }

    /// <summary>Makes the version that a model file begins with.</summary>
    /// <param name="type">The transformer, whose assembly ML.NET loads when it meets the file.</param>
    /// <param name="signature">Eight characters that tell this format from others.</param>
    /// <param name="written">The version that is written.</param>
    /// <param name="readable">The oldest version whose readers can read what is written.</param>
    /// <param name="oldest">The oldest version that can still be read.</param>
    /// <param name="loaderSignature">The name in the LoadableClass attribute.</param>
    private protected static VersionInfo MakeVersion(
        Type type, string signature, uint written, uint readable, uint oldest, string loaderSignature) =>
        // The simple name: with a version in it, a file of a newer package could not be opened, whatever its format.
        new(signature, written, readable, oldest, type.Assembly.GetName().Name!, loaderSignature);

    /// <summary>Checks the version of a model file and reads the names of the columns, inputs first.</summary>
    /// <exception cref="ModelFormatException">The file's format is newer, or it has another number of columns.</exception>
    private protected static string[] LoadColumnNames(ModelLoadContext ctx, VersionInfo version, int count) => LoadColumnNames(ctx, version, count, count);

    /// <summary>The same where some of the last columns may be left out.</summary>
    /// <exception cref="ModelFormatException">The file's format is newer, or it has another number of columns.</exception>
    private protected static string[] LoadColumnNames(ModelLoadContext ctx, VersionInfo version, int fewest, int most)
    {
        // ML.NET's own check would speak of ML.NET's version, not of this package's.
        if (ctx.Header.ModelVerReadable > version.VerWrittenCur)
        {
            throw new ModelFormatException(
                $"The model has format {ctx.Header.ModelVerWritten} of {version.LoaderSignature}, but {version.LoaderAssemblyName} "
                + $"reads formats {version.VerWeCanReadBack} to {version.VerWrittenCur}: use a newer version of it.", KeyStream, 0);
        }
        ctx.CheckAtModel(version);
        long place = ctx.Reader.BaseStream.Position - ctx.FpMin;
        int found = ctx.Reader.ReadInt32();
        if (found < fewest || found > most)
            throw new ModelFormatException($"The model names {found} columns, but {(fewest == most ? $"{most}" : $"{fewest} to {most}")} are expected.", KeyStream, place);
        return [.. Enumerable.Range(0, found).Select(_ => ctx.LoadNonEmptyString())];
    }

    /// <summary>Reads small values that are checked as they are read.</summary>
    /// <exception cref="ModelFormatException">One is out of its range, or the file ends.</exception>
    private protected static T LoadChecked<T>(ModelLoadContext ctx, Func<BinaryReader, T> read)
    {
        try
        {
            return read(ctx.Reader);
        }
        catch (Exception error) when (error is IOException or ArgumentException or FormatException and not ModelFormatException)
        {
            throw new ModelFormatException(error.Message, KeyStream, ctx.Reader.BaseStream.Position - ctx.FpMin, error);
        }
    }

    /// <summary>A transformer that was loaded, once its names and settings are known to be those that were saved.</summary>
    /// <exception cref="ModelFormatException">They are others.</exception>
    private protected static T Checked<T>(ModelLoadContext ctx, T transformer)
        where T : SequenceTransformerBase
    {
        CheckChecksum(ctx, KeyStream, transformer.SettingsChecksum());
        return transformer;
    }

    /// <summary>Writes a stream of its own into the model file.</summary>
    private protected static void SaveStream(ModelSaveContext ctx, string name, Action<Stream> write)
    {
        uint checksum = 0;
        ctx.SaveBinaryStream(name, writer =>
        {
            writer.Flush();
            var sum = new ChecksumStream(writer.BaseStream);
            write(sum);
            checksum = sum.Checksum;
        });
        SaveChecksum(ctx, name, checksum);
    }

    /// <summary>Reads a stream of the model file, to its end.</summary>
    /// <exception cref="ModelFormatException">The stream is missing, damaged, cut short, or longer than what is read.</exception>
    private protected static T LoadStream<T>(ModelLoadContext ctx, string name, Func<Stream, T> read) =>
        TryLoadStream(ctx, name, read, out T? result) ? result : throw Missing(name);

    /// <summary>Reads a stream that the model file may have, to its end.</summary>
    /// <returns>False where there is none.</returns>
    /// <exception cref="ModelFormatException">The stream was saved and is missing, is damaged, cut short, or longer than what is read.</exception>
    private protected static bool TryLoadStream<T>(ModelLoadContext ctx, string name, Func<Stream, T> read, [MaybeNullWhen(false)] out T value)
    {
        T? result = default;
        uint checksum = 0;
        bool found = TryUnpack(ctx, name, reader => (result, checksum) = ReadToEnd(reader.BaseStream, name, read));
        if (found)
            CheckChecksum(ctx, name, checksum);
        else if (TryUnpack(ctx, name + ChecksumSuffix, _ => { }))
            throw Missing(name);
        value = result;
        return found;
    }

    private static bool TryUnpack(ModelLoadContext ctx, string name, Action<BinaryReader> read)
    {
        try
        {
            return ctx.TryLoadBinaryStream(name, read);
        }
        // What the zip itself says of a part whose bytes or header are damaged.
        catch (InvalidDataException error)
        {
            throw new ModelFormatException($"The stream cannot be unpacked: {error.Message}", name, 0, error);
        }
    }

    private static (T Value, uint Checksum) ReadToEnd<T>(Stream stream, string name, Func<Stream, T> read)
    {
        long start = stream.Position;
        T value;
        try
        {
            value = read(stream);
        }
        catch (EndOfStreamException error)
        {
            throw new ModelFormatException("The stream ends too early.", name, stream.Position, error);
        }

        if (stream.ReadByte() >= 0)
            throw new ModelFormatException("The stream goes on after its last value.", name, stream.Position - 1);
        stream.Position = start;
        var sum = new ChecksumStream(stream);
        sum.CopyTo(Stream.Null);
        return (value, sum.Checksum);
    }

    private static ModelFormatException Missing(string name) => new("The stream is missing from the model file.", name, 0);

    private uint SettingsChecksum()
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        foreach (string name in Columns.Names)
            writer.Write(name);
        writer.Write(LabelName ?? "");
        WriteSettings(writer);
        writer.Flush();
        return WeightFileFormat.Checksum(stream.GetBuffer().AsSpan(0, (int)stream.Length));
    }

    // In a stream beside it, which packages that know no checksums do not read.
    private static void SaveChecksum(ModelSaveContext ctx, string name, uint checksum) =>
        ctx.SaveBinaryStream(name + ChecksumSuffix, writer => writer.Write(checksum));

    /// <summary>Nothing is checked in a model that was saved before there were checksums.</summary>
    private static void CheckChecksum(ModelLoadContext ctx, string name, uint checksum)
    {
        uint saved = checksum;
        if (TryUnpack(ctx, name + ChecksumSuffix, reader => saved = reader.BaseStream.Length == sizeof(uint) ? reader.ReadUInt32() : ~checksum) && saved != checksum)
            throw new ModelFormatException($"The checksum is {checksum:x8}, and {saved:x8} was saved: this part of the model is damaged.", name, 0);
    }
}
