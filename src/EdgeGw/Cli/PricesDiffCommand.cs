using System.CommandLine;
using System.Text;
using System.Text.Json;
using EdgeGw.Pricing;
using EdgeGw.Pricing.Import;

namespace EdgeGw.Cli;

internal static class PricesDiffCommand
{
    public static Command Build(CliContext context)
    {
        var file = new Argument<string>("file") { Description = "A price file, or - for standard input" };
        var from = new Option<string?>("--from") { Description = "The shape of a public catalogue that the file has [default: our own]" };
        from.AcceptOnlyFromAmong([.. PriceImport.Names.Select(format => format.Name)]);
        var providers = new Option<string[]>("--provider") { Description = "Only this provider, by its name there or our kind; may be repeated", HelpName = "name" };
        var format = new Option<string>("--format") { Description = "table or json", DefaultValueFactory = _ => "table" };
        format.AcceptOnlyFromAmong("table", "json");
        var command = new Command("diff",
            "Compare a price file with the built-in catalogue, rate by rate: what it would change. Exit codes: 0 nothing, 1 differences, 2 not readable")
        {
            from, providers, format, file,
        };
        command.SetAction(line =>
        {
            var shape = line.Given(from) is { } named ? PriceImport.Names.Single(each => each.Name == named).Format : PriceFormat.EdgeGw;
            if (Read(line.GetRequiredValue(file), shape, new ProviderFilter(line.Given(providers) ?? []), context) is not { } lists)
            {
                return ExitCode.Usage;
            }
            var differences = PriceDiff.Compare(PriceCatalogue.BuiltIn, lists, context.Time.GetUtcNow());
            if (line.GetValue(format) == "json")
            {
                WriteJson(differences, context.Out);
            }
            else
            {
                WriteTable(differences, context.Out);
            }
            return differences.Count == 0 ? ExitCode.Ok : ExitCode.Failure;
        });
        return command;
    }

    private static IReadOnlyList<CatalogueProvider>? Read(string path, PriceFormat format, ProviderFilter filter, CliContext context)
    {
        if (format == PriceFormat.EdgeGw)
        {
            return PriceSource.ReadOwn(path, filter, context);
        }
        var report = new ImportReport();
        if (PriceSource.Import(path, format, filter, report, context) is not { } document)
        {
            return null;
        }
        if (report.Count > 0)
        {
            context.Error.WriteLine($"{report.Count} things could not be compared; edgegw prices import lists them");
        }
        return CatalogueReader.Convert(document);
    }

    private static void WriteTable(List<PriceDifference> differences, TextWriter output)
    {
        var table = new TextTable(["model", "what", "built-in", "file"], leftColumns: 2);
        foreach (var difference in differences)
        {
            table.Add([difference.Model, difference.What, difference.Here ?? "", difference.There ?? ""]);
        }
        if (differences.Count > 0)
        {
            table.Write(output);
        }
    }

    private static void WriteJson(List<PriceDifference> differences, TextWriter output)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartArray("differences"u8);
            foreach (var difference in differences)
            {
                json.WriteStartObject();
                json.WriteString("model"u8, difference.Model);
                json.WriteString("what"u8, difference.What);
                json.WriteString("built_in"u8, difference.Here);
                json.WriteString("file"u8, difference.There);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        output.WriteLine(Encoding.UTF8.GetString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length)));
    }
}
