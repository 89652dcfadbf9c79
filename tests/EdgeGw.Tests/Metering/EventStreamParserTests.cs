using System.Text;
using EdgeGw.Metering.Framing;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeGw.Tests.Metering;

public sealed class EventStreamParserTests
{
    [Fact]
    public void Checksum_is_the_one_of_ethernet()
    {
        Assert.Equal(0xCBF43926u, Crc32.Append(0, "123456789"u8));
        Assert.Equal(Crc32.Append(0, "123456789"u8), Crc32.Append(Crc32.Append(0, "12345"u8), "6789"u8));
        var bytes = new byte[1000];
        new Random(1).NextBytes(bytes);
        Assert.Equal(Frames.Crc(bytes), Crc32.Append(0, bytes));
    }

    [Fact]
    public void Any_frames_cut_anywhere_come_out_as_they_were_put_in()
    {
        var frame =
            from name in Gen.Elements("", "chunk", "metadata", new string('n', 100))
            from isException in Gen.Elements(true, false)
            from payload in Gen.Elements("", "{}", "{\"usage\":{}}", new string('x', 300))
            select (name, isException, payload);
        Prop.ForAll(Arb.From(Gen.Zip(Gen.ListOf(frame), Pieces.Lengths)), static input =>
        {
            var (frames, lengths) = input;
            var bytes = frames.SelectMany(static f => Frames.Frame(
                f.payload, ("x", "y"), (":message-type", f.isException ? "exception" : "event"), (f.isException ? ":exception-type" : ":event-type", f.name))).ToArray();
            var expected = frames.Select(static f => $"{f.name[..Math.Min(64, f.name.Length)]}|{f.payload}|{f.isException}|True");
            Assert.Equal(expected, Parse(Pieces.Cut(bytes, lengths), out var parser));
            Assert.True(parser.IsAtBoundary);
            return true;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));
    }

    [Fact]
    public void Headers_of_every_type_are_stepped_over()
    {
        // name "h" with type, then its value: true, byte, short, int, long, bytes, time, uuid.
        byte[] foreign = [1, (byte)'h', 0, 1, (byte)'h', 2, 9, 1, (byte)'h', 3, 9, 9, 1, (byte)'h', 4, 9, 9, 9, 9, 1, (byte)'h', 5, .. new byte[8],
            1, (byte)'h', 6, 0, 2, 9, 9, 1, (byte)'h', 8, .. new byte[8], 1, (byte)'h', 9, .. new byte[16], 1, (byte)'h', 7, 0, 0];
        var headers = new EventStreamHeaders();
        headers.Reset();
        headers.Write(foreign);
        headers.Write([13, .. ":message-type"u8, 7, 0, 9, .. "exception"u8, 15, .. ":exception-type"u8, 7, 0, 1, (byte)'T']);
        Assert.True(headers.IsException);
        Assert.Equal("T", Encoding.ASCII.GetString(headers.Name));
    }

    [Fact]
    public void Any_damaged_byte_spoils_its_frame_and_never_passes_for_intact()
    {
        var first = Frames.Event("contentBlockDelta", "{\"delta\":{\"text\":\"x\"}}");
        var second = Frames.Event("metadata", "{}");
        for (var at = 0; at < first.Length; at++)
        {
            byte[] bytes = [.. first, .. second];
            bytes[at] ^= 0x20;
            var events = Parse([bytes], out var parser);
            Assert.True(parser.IsLost || events[0].EndsWith("|False", StringComparison.Ordinal), $"byte {at}");
            Assert.True(parser.IsLost || events[1].EndsWith("|True", StringComparison.Ordinal), $"byte {at}");
        }
    }

    [Fact]
    public void Wrapped_bytes_cut_anywhere_are_decoded()
    {
        var member = Gen.Elements("\"p\":\"bytes\"", "\"x\":{\"bytes\":\"QUJD\"}", "\"y\":[1,\"bytes\",{\"a\":\"b\\\"}\"}]", "\"bytes2\":\"QUJD\"", "\"n\":null");
        var input = Gen.Zip(Gen.Zip(Gen.ListOf(member), Gen.ListOf(member)), Gen.Zip(Gen.ListOf(Gen.Choose(0, 255)), Pieces.Lengths));
        Prop.ForAll(Arb.From(input), static input =>
        {
            var ((before, after), (values, lengths)) = input;
            var content = Enumerable.Repeat(values, 40).SelectMany(static v => v).Select(static v => (byte)v).ToArray();
            var text = Convert.ToBase64String(content).Replace("/", values.Count % 2 == 0 ? "/" : "\\/", StringComparison.Ordinal);
            var json = "{" + string.Join(" , ", [.. before, $"\"bytes\" : \"{text}\"", .. after]) + "}";
            var decoded = new List<byte>();
            var wrapped = new Base64Member();
            wrapped.Reset();
            foreach (var piece in Pieces.Cut(Encoding.UTF8.GetBytes(json), lengths))
            {
                wrapped.Write(piece, decoded, static (bytes, list) => list.AddRange(bytes));
            }
            Assert.False(wrapped.Failed);
            Assert.Equal(content, decoded);
            return true;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));
    }

    [Theory]
    [InlineData("{\"bytes\":\"QUJ\"}")]
    [InlineData("{\"bytes\":\"Q*JD\"}")]
    public void Bytes_that_are_no_base64_fail(string json)
    {
        var wrapped = new Base64Member();
        wrapped.Write(Encoding.UTF8.GetBytes(json), 0, static (_, _) => { });
        Assert.True(wrapped.Failed);
    }

    private static List<string> Parse(List<byte[]> pieces, out EventStreamParser<Collector> parser)
    {
        parser = default;
        parser.Reset();
        var handler = new Collector { Events = [] };
        foreach (var piece in pieces)
        {
            parser.Write(piece, ref handler);
        }
        return handler.Events;
    }

    private struct Collector : IEventStreamHandler
    {
        private string _payload;

        public List<string> Events;

        public void OnFrameStart(ReadOnlySpan<byte> name) => _payload = "";

        public void OnPayload(ReadOnlySpan<byte> piece) => _payload += Encoding.UTF8.GetString(piece);

        public void OnFrameEnd(ReadOnlySpan<byte> name, bool isException, bool intact) =>
            Events.Add($"{Encoding.UTF8.GetString(name)}|{_payload}|{isException}|{intact}");
    }
}
