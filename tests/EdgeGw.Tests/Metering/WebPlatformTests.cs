using System.Text;
using EdgeGw.Metering.Framing;

namespace EdgeGw.Tests.Metering;

/// <summary>The parsing vectors of the Web Platform Tests' eventsource suite (format-*), as data: what stands on the wire, and the events of it.</summary>
public sealed class WebPlatformTests
{
    private static readonly string Long = new('x', 4096);

    public static TheoryData<string, string, string[]> Vectors => new()
    {
        { "format-bom", "\uFEFFdata:1\n\n\uFEFFdata:2\n\ndata:3\n\n", ["|1", "|3"] },
        { "format-bom-2", "\uFEFF\uFEFFdata:1\n\ndata:2\n\ndata:3\n\n", ["|2", "|3"] },
        { "format-comments", $"data:1\r:\0\n:\r\ndata:2\n:{Long}\rdata:3\n:data:fail\r:{Long}\ndata:4\n\n", ["|1\n2\n3\n4"] },
        // The one deliberate difference: the standard drops "test2", and with it a provider's usage.
        { "format-data-before-final-empty-line", "retry:1000\ndata:test1\n\nid:test\ndata:test2", ["|test1", "|test2"] },
        { "format-field-data", "data:\n\ndata\ndata\n\ndata:test\n\n", ["|", "|\n", "|test"] },
        { "format-field-event", "event:test\ndata:x\n\ndata:x\n\n", ["test|x", "|x"] },
        { "format-field-event-empty", "event: \ndata:data\n\n", ["|data"] },
        { "format-field-id", "id: 1\r\ndata: 1\n\ndata:2\n\n", ["|1", "|2"] },
        { "format-field-id-null", "id:\0\ndata:x\n\n", ["|x"] },
        { "format-field-parsing", "data:\0\ndata:  2\rData:1\ndata\0:2\ndata:1\r\0data:4\nda-ta:3\rdata_5\ndata:3\rdata:\r\n data:32\ndata:4\n\n", ["|\0\n 2\n1\n3\n\n4"] },
        { "format-field-retry", "retry:03000\ndata:x\n\n", ["|x"] },
        { "format-field-retry-bogus", "retry:3000\nretry:1000x\ndata:x\n\n", ["|x"] },
        { "format-field-retry-empty", "retry\ndata:test\n\n", ["|test"] },
        { "format-field-unknown", "data:test\n data\ndata\nfoobar:xxx\njustsometext\n:thisisacommentyay\ndata:test\n\n", ["|test\n\ntest"] },
        { "format-leading-space", "data:\ttest\rdata: \ndata:test\n\n", ["|\ttest\n\ntest"] },
        { "format-newlines", "data:test\r\ndata\ndata:test\r\n\r", ["|test\n\ntest"] },
        { "format-null-character", "data:\0\n\n\n\n", ["|\0"] },
        { "format-utf-8", "data:ok…\n\n", ["|ok…"] },
        { "event-data", "data:msg\ndata: msg\n\n:\nfalsefield:msg\n\nfalsefield:msg\nData:data\n\ndata\n\ndata:end\n\n", ["|msg\nmsg", "|", "|end"] },
    };

    [Theory]
    [MemberData(nameof(Vectors))]
    public void Vector_gives_its_events_however_it_is_cut(string name, string wire, string[] events)
    {
        var bytes = Encoding.UTF8.GetBytes(wire);
        foreach (var length in (int[])[1, 2, 3, 7, 61, 4096, int.MaxValue])
        {
            var parser = new SseParser<Collector>();
            var handler = new Collector { Events = [] };
            for (var at = 0; at < bytes.Length; at += Math.Min(length, bytes.Length - at))
            {
                parser.Write(bytes.AsSpan(at, Math.Min(length, bytes.Length - at)), ref handler);
            }
            parser.Complete(ref handler);
            Assert.True(events.SequenceEqual(handler.Events), $"{name} in pieces of {length}: {string.Join(" / ", handler.Events)}");
        }
    }

    private struct Collector : ISseHandler
    {
        private List<byte>? _data;

        public List<string> Events;

        public void OnData(ReadOnlySpan<byte> piece) => (_data ??= []).AddRange(piece);

        public readonly void OnErrorField(ReadOnlySpan<byte> piece)
        {
        }

        public readonly void OnEvent(ReadOnlySpan<byte> name)
        {
            Events.Add(Encoding.UTF8.GetString(name) + "|" + Encoding.UTF8.GetString([.. _data ?? []]));
            _data?.Clear();
        }
    }
}
