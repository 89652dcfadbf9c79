using System.Text.Json;
using EdgeGw.Metering;
using EdgeGw.Metering.Dialects;

namespace EdgeGw.Tests.Metering;

/// <summary>The recorded answers beside the repository, where they are there.</summary>
internal static class Corpus
{
    private static readonly string? Folder = Find();

    public static IReadOnlyList<CorpusRow> Rows { get; } = Read();

    public static bool IsAbsent => Folder is null;

    public static byte[] Body(CorpusRow row) => File.ReadAllBytes(Path.Combine(Folder!, "bodies", row.File));

    private static string? Find()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "EdgeGw.sln")))
            {
                var folder = Path.GetFullPath(Path.Combine(at.FullName, "..", "shared", "corpus"));
                return Directory.Exists(folder) ? folder : null;
            }
        }
        return null;
    }

    private static List<CorpusRow> Read()
    {
        if (Folder is null)
        {
            return [];
        }
        var lines = File.ReadAllLines(Path.Combine(Folder, "index.tsv"));
        var columns = lines[0].Split('\t');
        var rows = new List<CorpusRow>();
        foreach (var line in lines.Skip(1))
        {
            var cells = line.Split('\t');
            var row = new CorpusRow(columns.Zip(cells).ToDictionary(static c => c.First, static c => c.Second));
            if (DialectTable.TryParse(row.Api, out _))
            {
                rows.Add(row);
            }
        }
        return rows;
    }
}

/// <summary>One line of the corpus index.</summary>
internal sealed record CorpusRow(IReadOnlyDictionary<string, string> Cells)
{
    public string File => Cells["file"];
    public string Provider => Cells["provider"];
    public string Api => Cells["api"];
    public bool Stream => Cells["streaming"] == "y";
    public string? Encoding => Cells["content_encoding"] is "identity" ? null : Cells["content_encoding"];
    public bool HasUsage => Cells["usage_in_body"] is "yes" or "headers-only";
    public bool IsError => !Cells["http_status"].StartsWith('2');
    public bool IsAmbiguous => Cells["extra_json"].Contains("\"ambiguous\"", StringComparison.Ordinal);
    public Dialect Dialect => DialectTable.TryParse(Api, out var dialect) ? dialect : Dialect.Opaque;

    /// <summary>A count of the index; null where the provider does not say.</summary>
    public long? Expect(string name) => Cells[$"expect_{name}_tokens"] is { Length: > 0 } cell ? long.Parse(cell, null) : null;

    public decimal? ProviderCost => Cells["provider_cost_usd"] is { Length: > 0 } cell ? decimal.Parse(cell, System.Globalization.NumberStyles.Float, null) : null;

    public MeterOptions Options => new()
    {
        Dialect = Dialect,
        Provider = Provider,
        Stream = Stream,
        ContentEncoding = Encoding,
        HeaderCounts = HeaderCounts(),
    };

    public override string ToString() => File;

    private HeaderCounts HeaderCounts()
    {
        var counts = default(HeaderCounts);
        using var extra = JsonDocument.Parse(Cells["extra_json"] is { Length: > 0 } json ? json : "{}");
        if (extra.RootElement.TryGetProperty("hdr", out var headers))
        {
            foreach (var header in headers.EnumerateObject())
            {
                counts = counts.With(header.Name, header.Value.GetString());
            }
        }
        return counts;
    }
}
