using System.Globalization;

namespace EdgeGw.FunctionalTests.Providers;

/// <summary>The recorded provider answers that lie beside the repository; absent on a machine that does not have them.</summary>
internal static class Corpus
{
    private static readonly string? Folder = Find();

    public static bool IsPresent => Folder is not null;

    /// <summary>The four dialects that the gateway understands.</summary>
    public static IReadOnlyList<CorpusEntry> Known { get; } =
        [.. Read().Where(entry => entry.Api is "chat" or "responses" or "messages" or "gemini")];

    public static CorpusEntry Entry(string file) => Known.First(entry => entry.File == file);

    public static string PathOf(string file) => Path.Combine(Folder!, "bodies", file);

    public static byte[] Body(string file) => File.ReadAllBytes(PathOf(file));

    private static IEnumerable<CorpusEntry> Read()
    {
        if (Folder is null)
        {
            yield break;
        }
        var lines = File.ReadAllLines(Path.Combine(Folder, "index.tsv"));
        var columns = lines[0].Split('\t').Select((name, index) => (name, index)).ToDictionary(pair => pair.name, pair => pair.index);
        foreach (var line in lines.Skip(1))
        {
            var cells = line.Split('\t');
            yield return new CorpusEntry(
                cells[columns["file"]], cells[columns["provider"]], cells[columns["api"]], cells[columns["streaming"]] == "y", cells[columns["framing"]],
                cells[columns["content_encoding"]], int.Parse(cells[columns["http_status"]], CultureInfo.InvariantCulture), cells[columns["model"]],
                cells[columns["response_content_type"]], cells[columns["usage_in_body"]] == "yes")
            {
                Input = Count("expect_input_tokens"),
                CachedInput = Count("expect_cached_input_tokens"),
                Output = Count("expect_output_tokens"),
                IsAmbiguous = cells[columns["extra_json"]].Contains("\"ambiguous\"", StringComparison.Ordinal),
            };

            long Count(string name) => cells[columns[name]] is { Length: > 0 } text ? long.Parse(text, CultureInfo.InvariantCulture) : 0;
        }
    }

    private static string? Find()
    {
        var root = Repository.Root;
        var folder = Path.Combine(Path.GetDirectoryName(root)!, "shared", "corpus");
        return Directory.Exists(folder) ? folder : null;
    }
}

/// <summary>One row of the corpus index.</summary>
internal sealed record CorpusEntry(
    string File, string Provider, string Api, bool Streaming, string Framing, string ContentEncoding, int Status, string Model, string RecordedContentType, bool HasUsage)
{
    /// <summary>What a meter must find, in the index's meaning.</summary>
    public long Input { get; init; }

    public long CachedInput { get; init; }
    public long Output { get; init; }

    /// <summary>The recording contradicts the documented rule, so that it may be metered either way.</summary>
    public bool IsAmbiguous { get; init; }

    /// <summary>As recorded; where the recording lost it, what its framing implies.</summary>
    public string ContentType => RecordedContentType.Length > 0 ? RecordedContentType : Framing == "sse" ? "text/event-stream" : "application/json";

    /// <summary>Plain characters only: it goes into paths and JSON as it is.</summary>
    public string SafeModel => Model.Length == 0 || Model.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '.')) ? "recorded-model" : Model;
}
