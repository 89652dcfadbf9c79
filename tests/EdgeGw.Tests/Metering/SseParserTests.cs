using System.Text;
using EdgeGw.Metering.Framing;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeGw.Tests.Metering;

public sealed class SseParserTests
{
    private static readonly string[] LineEnds = ["\n", "\r\n", "\r"];

    [Fact]
    public void Any_stream_cut_anywhere_equals_a_line_by_line_reading()
    {
        var line = Gen.Elements(
            "", "", "", "data: {\"a\":1}", "data:no space", "data:  two spaces", "data", "data:", "data: [DONE]", "event: message_start", "event:x", "event",
            ": keep-alive", ":", "id: 7", "retry: 10", "error: {\"code\":500}", "errors: no", "dataset: no", "data : no", "é: 漢字", "data: 漢字 é €", " data: no");
        var stream =
            from lines in Gen.ListOf(Gen.Zip(line, Gen.Elements(LineEnds)))
            from mark in Gen.Elements("", "", "\uFEFF")
            from last in Gen.Elements("", "data: last", "data", "event: e")
            from cut in Gen.Choose(0, 3)
            select Bytes(mark + string.Concat(lines.Select(static l => l.Item1 + l.Item2)) + last, cut);
        Prop.ForAll(Arb.From(Gen.Zip(stream, Pieces.Lengths)), static input =>
        {
            var (bytes, lengths) = input;
            return Assertion(Oracle(bytes), Parse(Pieces.Cut(bytes, lengths)));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(800));
    }

    [Fact]
    public void Carriage_return_and_line_feed_in_two_pieces_are_one_line_end()
    {
        Assert.Equal(["|a\nb"], Parse(["data: a\r"u8.ToArray(), "\ndata: b\r"u8.ToArray(), "\n\r"u8.ToArray(), "\n"u8.ToArray()]));
    }

    [Fact]
    public void Last_event_without_blank_line_is_dispatched()
    {
        Assert.Equal(["e|x"], Parse(["event: e\ndata: x"u8.ToArray()]));
    }

    [Fact]
    public void Event_in_one_piece_arrives_in_one_slice()
    {
        var parser = new SseParser<Collector>();
        var handler = new Collector { Slices = [] };
        parser.Write("data: {\"a\":1}\n\ndata: second\n\n"u8, ref handler);
        Assert.Equal(["{\"a\":1}", "second"], handler.Slices);
    }

    private static bool Assertion(List<string> expected, List<string> actual)
    {
        Assert.Equal(expected, actual);
        return true;
    }

    private static byte[] Bytes(string text, int cut)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return bytes[..Math.Max(0, bytes.Length - cut)];
    }

    private static List<string> Parse(List<byte[]> pieces)
    {
        var parser = new SseParser<Collector>();
        var handler = new Collector { Events = [] };
        foreach (var piece in pieces)
        {
            parser.Write(piece, ref handler);
        }
        parser.Complete(ref handler);
        return handler.Events;
    }

    /// <summary>The standard's own description: the whole text, its lines, one after the other.</summary>
    private static List<string> Oracle(byte[] bytes)
    {
        // Latin-1 keeps bytes apart even where a character was cut in two.
        var text = Encoding.Latin1.GetString(bytes);
        text = text.StartsWith("ï»¿", StringComparison.Ordinal) ? text[3..] : text;
        var lines = text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n').Split('\n').ToList();
        if (lines[^1].Length > 0)
        {
            lines.Add("");
        }
        if (lines[^1].Length == 0)
        {
            lines.Add("");
        }
        var events = new List<string>();
        var data = new List<string>();
        var error = "";
        var name = "";
        var errorSeen = false;
        foreach (var line in lines)
        {
            if (line.Length == 0)
            {
                if (data.Count > 0 || errorSeen)
                {
                    events.Add(name + "|" + string.Join('\n', data) + error);
                }
                data.Clear();
                name = error = "";
                errorSeen = false;
                continue;
            }
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            var field = colon < 0 ? line : line[..colon];
            var value = colon < 0 ? "" : line[(colon + 1)..];
            value = value.StartsWith(' ') ? value[1..] : value;
            switch (field)
            {
                case "data":
                    data.Add(value);
                    break;
                case "event":
                    name = value;
                    break;
                case "error":
                    error += (errorSeen ? "\n" : "") + value;
                    errorSeen = true;
                    break;
            }
        }
        return events;
    }

    private struct Collector : ISseHandler
    {
        private string _data;
        private string _error;

        public List<string> Events;
        public List<string>? Slices;

        public void OnData(ReadOnlySpan<byte> piece)
        {
            _data += Encoding.Latin1.GetString(piece);
            Slices?.Add(Encoding.UTF8.GetString(piece));
        }

        public void OnErrorField(ReadOnlySpan<byte> piece)
        {
            _error += Encoding.Latin1.GetString(piece);
        }

        public void OnEvent(ReadOnlySpan<byte> name)
        {
            Events?.Add(Encoding.Latin1.GetString(name) + "|" + _data + _error);
            _data = _error = "";
        }
    }
}
