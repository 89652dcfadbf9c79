using System.Text;
using System.Text.Json;
using EdgeGw.Metering;
using EdgeGw.Requests.Inspection;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeGw.Tests.Inspection;

public sealed class RequestInspectorFuzzTests
{
    private const string Body = """
        {"model":"m\u0020x","stream":true,"stream_options":{"include_usage":false,"y":[1,2]},"max_tokens":-1.5e3,"n":2,
         "messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:,\ud83d\ude00"}},{"type":"text","text":"é"}]}]}
        """;

    [Fact]
    public void Damage_that_looks_like_a_form_is_none_where_no_forms_are_taken()
    {
        var damaged = Encoding.UTF8.GetBytes("---0" + Body[1..]);

        Assert.All(Enum.GetValues<Dialect>(), dialect => Assert.Equal(
            dialect is Dialect.Opaque or Dialect.Images or Dialect.Transcriptions, RequestInspector.Inspect(dialect, damaged).IsValid));
    }

    [Fact]
    public void No_damage_to_a_body_throws_or_passes_as_json_when_it_is_none()
    {
        var damage =
            from position in Gen.Choose(0, Encoding.UTF8.GetByteCount(Body) - 1)
            from removed in Gen.Choose(0, 4)
            from inserted in Gen.Elements("", "{", "}", "[", "]", "\"", ",", ":", "\\", "\\u12", "0", "-", "e", "t", "null", "\0", "\n", "\u00ff", " ").ListOf()
            select (position, removed, inserted: string.Concat(inserted.Take(4)));

        Prop.ForAll(damage.ToArbitrary(), change =>
        {
            var bytes = Encoding.UTF8.GetBytes(Body).ToList();
            bytes.RemoveRange(change.position, Math.Min(change.removed, bytes.Count - change.position));
            bytes.InsertRange(change.position, Encoding.Latin1.GetBytes(change.inserted));
            var damaged = bytes.ToArray();
            foreach (var dialect in Enum.GetValues<Dialect>())
            {
                var result = RequestInspector.Inspect(dialect, damaged);
                Assert.True(dialect == Dialect.Opaque || !result.IsValid || IsJson(damaged) || MayBeForm(dialect, damaged));
                Assert.InRange(result.Error?.Position ?? 0, 0, damaged.Length);
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
    }

    /// <summary>Two dialects take forms, which begin with a boundary; the spine asks of them that the content type says so.</summary>
    private static bool MayBeForm(Dialect dialect, byte[] body) => dialect is Dialect.Images or Dialect.Transcriptions && FormInspector.IsForm(body);

    private static bool IsJson(byte[] bytes)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = RequestInspector.MaxDepth });
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
