using System.CommandLine;

namespace EdgeGw.Cli;

internal static class PricesListCommand
{
    public static Command Build(CliContext context)
    {
        var options = new ConfigOptions();
        var provider = new Option<string?>("--provider")
        {
            Description = "Only this provider, by its configured name or its kind, with what it resells",
            HelpName = "name",
        };
        var format = new Option<string>("--format")
        {
            Description = "table; csv, where cells that a spreadsheet would run as a formula get a leading apostrophe; or json, with every rate",
            DefaultValueFactory = _ => "table",
        };
        format.AcceptOnlyFromAmong("table", "csv", "json");
        var command = new Command("list",
            "List every model with its price in force: dollars per million tokens (outside of peak hours), fees in dollars each, and where the price comes from")
        {
            provider, format, options.File,
        };
        command.SetAction(line =>
        {
            if (PricesConfig.Load(line, options, context) is not { } prices)
            {
                return ExitCode.Usage;
            }
            var only = line.Given(provider);
            if (only is not null && !prices.Knows(only, context))
            {
                return ExitCode.Failure;
            }
            var rows = PriceRow.Of(prices, only, context.Time.GetUtcNow());
            switch (line.GetValue(format))
            {
                case "csv":
                    PriceRows.WriteCsv(rows, context.Out);
                    break;
                case "json":
                    PriceRows.WriteJson(rows, context.Out);
                    break;
                default:
                    PriceRows.WriteTable(rows, context.Out);
                    break;
            }
            return ExitCode.Ok;
        });
        return command;
    }
}
