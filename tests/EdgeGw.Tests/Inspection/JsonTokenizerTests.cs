using System.Text;
using System.Text.Json;
using EdgeGw.Requests.Inspection;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeGw.Tests.Inspection;

/// <summary>Against the framework's own reader, token by token.</summary>
public sealed class JsonTokenizerTests
{
    [Fact]
    public void Any_text_is_read_as_the_frameworks_reader_reads_it()
    {
        var piece = Gen.Elements(
            "{", "}", "[", "]", ",", ":", "\"", "\"a\"", "\"a\":", "\"b\\n\\u00e9\":", "\"\\ud83d\\ude00\"", "\"\\x\"", "\"\\u12g4\"", "\"tab\t\"", "\"long enough for a vector \\\" or two of it\"",
            "0", "-0", "01", "-", "1.5", "1.", ".5", "1e5", "1E+07", "2e", "true", "false", "null", "nul", "truex", " ", "\n\t\r", "/**/", "\u00ff", "\0", "\\");
        var loose = piece.ListOf().Select(string.Concat);
        Prop.ForAll(loose.ToArbitrary(), text => AgreesOn(Encoding.Latin1.GetBytes(text))).Check(Config.QuickThrowOnFailure.WithMaxTest(5000));

        var damaged =
            from document in Document(4)
            from position in Gen.Choose(0, document.Length)
            from inserted in Gen.OneOf(Gen.Constant(""), piece)
            select document.Insert(position, inserted);
        Prop.ForAll(damaged.ToArbitrary(), text => AgreesOn(Encoding.Latin1.GetBytes(text))).Check(Config.QuickThrowOnFailure.WithMaxTest(5000));
    }

    [Fact]
    public void Strings_of_every_length_end_where_they_end()
    {
        for (var length = 0; length < 70; length++)
        {
            for (var special = 0; special < length; special++)
            {
                var text = new StringBuilder(new string('x', length)) { [special] = '"' }.ToString();
                AgreesOn(Encoding.ASCII.GetBytes($"[\"{text.Replace("\"", "\\\"", StringComparison.Ordinal)}\"]"));
                AgreesOn(Encoding.ASCII.GetBytes($"[\"{text}\"]"));
                AgreesOn(Encoding.ASCII.GetBytes($"[\"{text.Replace('"', '\u001f')}\"]"));
            }
        }
    }

    [Theory]
    [InlineData("\\n")]
    [InlineData("\\\"")]
    [InlineData("\\\\")]
    [InlineData("\\u00e9")]
    [InlineData("\\u12g4")]
    [InlineData("\\x")]
    [InlineData("\u0001")]
    [InlineData("\"")]
    public void Anything_special_behind_an_escape_is_found_wherever_it_stands(string special)
    {
        for (var before = 0; before < 140; before++)
        {
            foreach (var after in (int[])[0, 1, 5, 63, 64, 65, 150])
            {
                AgreesOn(Encoding.ASCII.GetBytes($"[\"\\t{new string('x', before)}{special}{new string('y', after)}\"]"));
                AgreesOn(Encoding.ASCII.GetBytes($"[\"\\t{new string('x', before)}{special}{special}{new string('y', after)}"));
            }
        }
    }

    [Fact]
    public void Long_strings_full_of_escapes_are_read_as_the_frameworks_reader_reads_them()
    {
        var piece = Gen.Frequency(
            (12, Gen.Elements("x", "word ", "        ", "\\n", "\\\"", "\\\\", "\\/", "\\u00e9", "\\ud83d\\ude02", "a sentence that is longer than a block, so that there is nothing special in one of them")),
            (1, Gen.Elements("\",\"", "\\u00", "\\q", "\t")));
        var text = from pieces in piece.ListOf(60) select $"[\"\\n{string.Concat(pieces)}\"]";
        Prop.ForAll(text.ToArbitrary(), json => AgreesOn(Encoding.ASCII.GetBytes(json))).Check(Config.QuickThrowOnFailure.WithMaxTest(5000));
    }

    private static Gen<string> Document(int depth)
    {
        var leaf = Gen.Elements("\"s\"", "\"a much longer string with an escape \\\\ in it\"", "\"\"", "-12.5e-3", "0", "true", "false", "null", "[]", "{}");
        if (depth == 0)
        {
            return leaf;
        }
        var inner = Document(depth - 1);
        var space = Gen.Elements("", " ", "\n");
        var array = from items in inner.ListOf(3) from s in space select $"[{s}{string.Join($"{s},{s}", items)}{s}]";
        var obj = from items in inner.ListOf(2) from s in space select $"{{{s}{string.Join(',', items.Select((item, i) => $"\"k{i}\"{s}:{s}{item}"))}{s}}}";
        return Gen.OneOf(leaf, array, obj);
    }

    private static void AgreesOn(byte[] json)
    {
        var theirs = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = JsonTokenizer.MaxDepth });
        var ours = new JsonTokenizer(json);
        while (true)
        {
            bool more;
            try
            {
                more = theirs.Read();
            }
            catch (JsonException)
            {
                // A number is refused at once there and at the next token here, where something follows it.
                while (ours.Read())
                {
                }
                Assert.True(ours.BrokenAt >= 0, Encoding.Latin1.GetString(json));
                return;
            }
            Assert.Equal(more, ours.Read());
            if (!more)
            {
                Assert.True(ours.BrokenAt < 0);
                return;
            }
            Assert.Equal(NameOf(theirs.TokenType), ours.Token);
            Assert.Equal((theirs.CurrentDepth, (int)theirs.TokenStartIndex, theirs.ValueIsEscaped), (ours.Depth, ours.Start, ours.Token is JsonToken.String or JsonToken.Name && ours.IsEscaped));
            Assert.True(theirs.ValueSpan.SequenceEqual(ours.Value));
        }
    }

    private static JsonToken NameOf(JsonTokenType type) => type switch
    {
        JsonTokenType.PropertyName => JsonToken.Name,
        _ => Enum.Parse<JsonToken>(type.ToString()),
    };
}
