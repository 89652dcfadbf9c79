using System.CommandLine;
using EdgeGw.Pricing.Import;

namespace EdgeGw.Cli;

internal static class PricesImportCommand
{
    public static Command Build(CliContext context)
    {
        var file = new Argument<string>("file") { Description = "The public catalogue's JSON file, or - for standard input" };
        var from = new Option<string>("--from") { Description = "Whose shape the file has", Required = true };
        from.AcceptOnlyFromAmong([.. PriceImport.Names.Select(format => format.Name)]);
        var output = new Option<string?>("--output", "-o") { Description = "Where the price file goes [default: standard output]", HelpName = "file" };
        var providers = new Option<string[]>("--provider") { Description = "Only this provider, by its name there or our kind; may be repeated", HelpName = "name" };
        var command = new Command("import",
            "Make a price file for pricing.files of a public catalogue; what cannot be carried over is counted and listed on standard error")
        {
            from, output, providers, file,
        };
        command.SetAction(line =>
        {
            var format = PriceImport.Names.Single(each => each.Name == line.GetRequiredValue(from)).Format;
            return Run(line.GetRequiredValue(file), format, new ProviderFilter(line.Given(providers) ?? []), line.Given(output), context);
        });
        return command;
    }

    private static int Run(string file, PriceFormat format, ProviderFilter filter, string? output, CliContext context)
    {
        var report = new ImportReport();
        if (PriceSource.Import(file, format, filter, report, context) is not { } document)
        {
            return ExitCode.Usage;
        }
        var text = CatalogueWriter.Write(document);
        if (output is null)
        {
            context.Out.Write(text);
        }
        else
        {
            try
            {
                File.WriteAllText(output, text);
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                context.Error.WriteLine($"{output} cannot be written: {fault.Message}");
                return ExitCode.Failure;
            }
        }
        foreach (var (reason, subjects) in report.ByReason)
        {
            context.Error.WriteLine($"{subjects.Count} x {reason}:");
            foreach (var subject in subjects)
            {
                context.Error.WriteLine($"  {PlainText.ForTerminal(subject)}");
            }
        }
        context.Error.WriteLine($"{document.Providers.Sum(list => list.Models.Length)} models of {document.Providers.Length} providers imported, "
            + $"{report.Count} things left out or changed");
        return ExitCode.Ok;
    }
}
