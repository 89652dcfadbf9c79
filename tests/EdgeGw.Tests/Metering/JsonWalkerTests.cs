using System.Text;
using System.Text.Json;
using EdgeGw.Metering.Json;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeGw.Tests.Metering;

public sealed class JsonWalkerTests
{
    private static readonly (string Path, Slot Slot)[] Paths =
    [
        ("a", Slot.Model), ("b.a", Slot.Input), ("b.c.a", Slot.Output), ("c[].a", Slot.Text), ("c[].b[]", Slot.Finish), ("d[]", Slot.Id), ("e[][].a", Slot.Total),
    ];

    private static readonly PathTable Table = new(Paths);

    private static readonly string[] Spaces = ["", "", " ", "\n", "\t \r\n"];

    [Fact]
    public void Any_document_cut_anywhere_gives_what_a_whole_parse_gives()
    {
        var input =
            from documents in Gen.ListOf(Objects(3))
            from array in Gen.Elements(true, false)
            from lengths in Pieces.Lengths
            select (Documents: documents.ToArray(), array, lengths);
        Prop.ForAll(Arb.From(input), static input =>
        {
            var text = input.array ? "[" + string.Join(" ,\r\n", input.Documents) + "]" : string.Join("\n", input.Documents);
            var expected = new List<string>();
            foreach (var document in input.Documents)
            {
                using var parsed = JsonDocument.Parse(document);
                Expect(parsed.RootElement, "", expected);
                expected.Add("end");
            }
            Assert.Equal(expected, Walk(Pieces.Cut(Encoding.UTF8.GetBytes(text), input.lengths), out var closed));
            Assert.Equal(input.array, closed);
            return true;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(400));
    }

    [Fact]
    public void Any_bytes_end_without_harm()
    {
        var input = Gen.Zip(Gen.ListOf(Gen.Elements("{}[]\",:\\ a1b-e.\n".ToCharArray())), Pieces.Lengths);
        Prop.ForAll(Arb.From(input), static input =>
        {
            Walk(Pieces.Cut(Encoding.ASCII.GetBytes(input.Item1.ToArray()), input.Item2), out _);
            return true;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
    }

    [Fact]
    public void Deeply_nested_foreign_values_are_skipped()
    {
        var json = "{\"x\":" + new string('[', 100_000) + new string(']', 100_000) + ",\"a\":\"found\"}";
        Assert.Equal(["a=found", "end"], Walk([Encoding.ASCII.GetBytes(json)], out _));
    }

    [Fact]
    public void Number_without_its_end_is_not_reported()
    {
        Assert.Equal(["cut"], Walk(["{\"a\":12"u8.ToArray()], out _));
        Assert.Equal(["a=1234", "end"], Walk(["{\"a\":12"u8.ToArray(), "34}"u8.ToArray()], out _));
    }

    private static List<string> Walk(List<byte[]> pieces, out bool arrayClosed)
    {
        var walker = new JsonWalker();
        walker.Reset(Table);
        var sink = new Collector();
        foreach (var piece in pieces)
        {
            walker.Write(piece, sink);
        }
        walker.End(sink);
        arrayClosed = walker.RootArrayClosed;
        return sink.Found;
    }

    private static Gen<string> Objects(int depth) =>
        from space in Gen.Elements(Spaces)
        from members in Gen.ListOf(Gen.Zip(Gen.Elements("a", "b", "c", "d", "e", "x", "\\\"a", "a\\u0041", "a-name-of-more-than-sixteen", "a-name-that-is-longer-than-two-vectors-are"), Values(depth)))
        select "{" + space + string.Join(space + "," + space, members.Select(m => $"\"{m.Item1}\"{space}:{space}{m.Item2}")) + space + "}";

    private static Gen<string> Values(int depth)
    {
        var scalar = Gen.Elements(
            "1", "-2.5e3", "true", "null", "\"\"", "\"text\"", "\"{\\\"a\\\":1}\"", "\"back\\\\\"", "\"\\\\\\\"]}\"", "\"漢字\"", "\"" + new string('l', 100) + "\"");
        // Around the length of a vector, of two, and of what is kept of a cut one.
        var longer =
            from before in Gen.Choose(0, 40)
            from mark in Gen.Elements("", "\\\"", "\\\\", "\\n")
            from after in Gen.Choose(0, 40)
            select $"\"{new string('x', before)}{mark}{new string('y', after)}\"";
        var digits = Gen.Choose(1, 70).Select(static length => new string('7', length));
        scalar = Gen.Frequency((6, scalar), (2, longer), (1, digits));
        return depth == 0 ? scalar : Gen.Frequency((4, scalar), (2, Objects(depth - 1)), (2, Arrays(depth - 1)));
    }

    private static Gen<string> Arrays(int depth) =>
        from space in Gen.Elements(Spaces)
        from items in Gen.ListOf(Values(depth))
        select "[" + space + string.Join(space + "," + space, items) + space + "]";

    private static void Expect(JsonElement element, string path, List<string> found)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in element.EnumerateObject())
                {
                    // The walker matches names as they are written; an escaped one is none of ours.
                    var name = member.Name is "a" or "b" or "c" or "d" or "e" ? member.Name : "?";
                    Expect(member.Value, path.Length == 0 ? name : path + "." + name, found);
                }
                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                {
                    Expect(item, path + "[]", found);
                }
                break;
            default:
                if (Paths.Any(p => p.Path == path))
                {
                    found.Add(path + "=" + (element.ValueKind == JsonValueKind.String ? element.GetRawText()[1..^1] : element.GetRawText()));
                }
                break;
        }
    }

    private sealed class Collector : IJsonSink
    {
        public List<string> Found { get; } = [];

        public void OnDocumentStart()
        {
        }

        public void OnValue(Slot slot, JsonKind kind, ReadOnlySpan<byte> value, long length) =>
            Found.Add(JsonWalkerTests.Paths.First(p => p.Slot == slot).Path + "=" + Encoding.UTF8.GetString(value));

        public void OnObjectEnd(Slot slot)
        {
        }

        public void OnDocumentEnd(bool complete) => Found.Add(complete ? "end" : "cut");
    }
}
