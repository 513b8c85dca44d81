using System.IO.Compression;
using System.Text;
using Microsoft.ML.HLstm.Reports;

namespace Microsoft.ML.HLstm.Tests.Reports;

/// <summary>A damaged report in a model zip is one exception that says what is wrong.</summary>
[TestClass]
public sealed class ReportStreamTests
{
    [TestMethod]
    public void Any_length_that_is_cut_off_is_refused()
    {
        byte[] stored = Stored();
        for (int length = 0; length < stored.Length - 8; length += 1 + stored.Length / 97)
            Refused(stored[..length]);
        for (int length = stored.Length - 8; length < stored.Length; length++)
            Refused(stored[..length]);
    }

    [TestMethod]
    public void Changed_bytes_give_no_other_exception()
    {
        byte[] stored = Stored();
        var random = new Random(5);
        int refused = 0;
        for (int i = 0; i < 300; i++)
        {
            byte[] damaged = [.. stored];
            damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            try
            {
                ReportStream.Read(new MemoryStream(damaged));
            }
            catch (ModelFormatException)
            {
                refused++;
            }
        }

        Assert.IsGreaterThan(250, refused);
    }

    [TestMethod]
    public void A_newer_version_is_named() =>
        Assert.Contains("version 2", Refused([2, .. Stored()[1..]]).Message);

    [TestMethod]
    public void A_bomb_is_not_unpacked() =>
        Assert.Contains("more than", Refused(Pack(new string(' ', 65 << 20))).Message);

    [TestMethod]
    [DataRow("\"returnedConnections\":", "\"returnedConnections\":9", "connections")]
    [DataRow("\"activeConnections\":", "\"activeConnections\":-", "active connections")]
    [DataRow("\"grownPicture\":[\"", "\"grownPicture\":[\"x", "picture")]
    [DataRow("\"grownPicture\":[\"", "\"grownPicture\":[\"0", "picture")]
    [DataRow("\"unitsLeft\":", "\"unitsLeft\":9", "units left")]
    [DataRow("\"options\":[", "\"options\":[null,", "null")]
    [DataRow("\"phase\":\"Grow\"", "\"phase\":\"Sleep\"", "phase")]
    [DataRow("\"phase\":\"Grow\"", "\"phase\":7", "phase")]
    [DataRow("\"task\":", "\"what\":", "task")]
    [DataRow("\"history\":{", "\"history\":null,\"was\":{", "history")]
    public void Impossible_values_are_named(string from, string to, string named)
    {
        string json = JsonReport.WriteCompact(TrainedReport.Report);
        int place = json.IndexOf(from, StringComparison.Ordinal);
        Assert.IsGreaterThanOrEqualTo(0, place);

        Assert.Contains(named, Refused(Pack(json[..place] + to + json[(place + from.Length)..])).Message);
    }

    private static ModelFormatException Refused(byte[] stored)
    {
        var error = Assert.Throws<ModelFormatException>(() => ReportStream.Read(new MemoryStream(stored)));
        Assert.AreEqual("Report", error.StreamName);
        return error;
    }

    private static byte[] Stored()
    {
        using var stream = new MemoryStream();
        ReportStream.Write(stream, TrainedReport.Report);
        return stream.ToArray();
    }

    private static byte[] Pack(string json)
    {
        using var all = new MemoryStream();
        all.WriteByte(1);
        using (var compressed = new ZLibStream(all, CompressionLevel.Fastest, leaveOpen: true))
            compressed.Write(Encoding.UTF8.GetBytes(json));
        return all.ToArray();
    }
}
