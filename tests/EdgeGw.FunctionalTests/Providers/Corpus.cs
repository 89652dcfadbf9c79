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

    public static byte[] Body(string file) => File.ReadAllBytes(Path.Combine(Folder!, "bodies", file));

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
                cells[columns["response_content_type"]], cells[columns["usage_in_body"]] == "yes");
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
    /// <summary>As recorded; where the recording lost it, what its framing implies.</summary>
    public string ContentType => RecordedContentType.Length > 0 ? RecordedContentType : Framing == "sse" ? "text/event-stream" : "application/json";

    /// <summary>Plain characters only: it goes into paths and JSON as it is.</summary>
    public string SafeModel => Model.Length == 0 || Model.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '.')) ? "recorded-model" : Model;
}
