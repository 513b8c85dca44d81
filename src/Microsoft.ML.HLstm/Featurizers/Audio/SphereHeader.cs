using System.Globalization;
using System.Text;

namespace Microsoft.ML.HLstm.Featurizers.Audio;

/// <summary>Reads the header of a NIST SPHERE file: lines of "name type value" up to "end_head".</summary>
internal static class SphereHeader
{
    private const int StartLength = 16, MaximumLength = 1 << 16;

    /// <summary>Tells whether the bytes are a SPHERE file.</summary>
    public static bool Matches(AudioBytes audio) => audio.Has("NIST_1A\n"u8);

    /// <summary>Finds the samples.</summary>
    /// <exception cref="AudioFormatException">The file is damaged, cut short, compressed, or of an encoding that is not read.</exception>
    public static SampleLayout Read(AudioBytes audio)
    {
        string stated = Encoding.ASCII.GetString(audio.Slice(8, 8, "the length of the header"));
        if (!int.TryParse(stated, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out int length)
            || length is < StartLength or > MaximumLength)
            audio.Fail($"the header states '{stated.Trim()}' as its length; allowed is {StartLength} to {MaximumLength}", 8);
        Dictionary<string, string> fields = Fields(audio, length);
        SampleEncoding encoding = SampleCoding(audio, fields);
        long channels = fields.ContainsKey("channel_count") ? Number(audio, fields, "channel_count") : 1;
        long rate = Number(audio, fields, "sample_rate"), times = Number(audio, fields, "sample_count");
        SampleLayout.Check(audio, channels, rate, times, StartLength);
        long needed = times * channels * SampleLayout.BytesOf(encoding);
        if (needed > audio.Length - length)
            audio.Fail($"the header states {times} samples in {channels} channels, which are {needed} bytes, but {audio.Length - length} are left", length);
        return new SampleLayout(encoding, (int)channels, (int)rate, length, (int)times);
    }

    private static Dictionary<string, string> Fields(AudioBytes audio, int length)
    {
        Dictionary<string, string> fields = [];
        foreach (string line in Encoding.ASCII.GetString(audio.Slice(0, length, "the header"))[StartLength..].Split('\n'))
        {
            if (line.TrimEnd() == "end_head")
                return fields;
            string[] parts = line.Split(' ', 3);
            if (parts.Length == 3)
                fields[parts[0]] = parts[2].Trim();
        }
        audio.Fail("the header has no line 'end_head'", StartLength);
        return fields;
    }

    private static SampleEncoding SampleCoding(AudioBytes audio, Dictionary<string, string> fields)
    {
        string coding = fields.GetValueOrDefault("sample_coding", "pcm");
        if (coding.Contains("embedded", StringComparison.Ordinal))
            audio.Fail($"the samples are compressed ('{coding}'); decompress the file first, with sph2pipe for example", StartLength);
        long bytes = Number(audio, fields, "sample_n_bytes");
        string order = fields.GetValueOrDefault("sample_byte_format", "");
        switch (coding, bytes, order)
        {
            case ("pcm", 2, "01"): return SampleEncoding.Signed16;
            case ("pcm", 2, "10"): return SampleEncoding.Signed16BigEndian;
            case ("ulaw" or "mu-law", 1, _): return SampleEncoding.MuLaw;
            default:
                audio.Fail($"sample_coding is '{coding}', sample_n_bytes {bytes}, sample_byte_format '{order}'; read are pcm with 2 bytes, 01 or 10, and ulaw with 1", StartLength);
                return default;
        }
    }

    private static long Number(AudioBytes audio, Dictionary<string, string> fields, string name)
    {
        if (!fields.TryGetValue(name, out string? text))
            audio.Fail($"the header lacks {name}", StartLength);
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value))
            audio.Fail($"{name} is '{text}'; a whole number from 0 to {int.MaxValue} is allowed", StartLength);
        return value;
    }
}
