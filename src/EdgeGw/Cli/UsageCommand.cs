using System.CommandLine;

namespace EdgeGw.Cli;

internal static class UsageCommand
{
    private const string DefaultDimension = "model";

    public static Command Build(CliActions actions, CliContext context)
    {
        var options = new ConfigOptions();
        var by = new Option<string[]?>("--by")
        {
            Description = $"What to group by, separated by commas, like user,model [default: {DefaultDimension}]",
            HelpName = "dimensions",
            CustomParser = CustomParsers.Dimensions,
        };
        var from = new Option<DateTimeOffset?>("--from")
        {
            Description = $"From when on, included: {TimeText.Expected}",
            HelpName = "when",
            CustomParser = CustomParsers.Moment(context.Time),
        };
        var to = new Option<DateTimeOffset?>("--to")
        {
            Description = "Until when, not included; November is --from 2026-11-01 --to 2026-12-01",
            HelpName = "when",
            CustomParser = CustomParsers.Moment(context.Time),
        };
        var format = new Option<string>("--format")
        {
            Description = "table; csv, where names that a spreadsheet would run as a formula get a leading apostrophe; or json",
            DefaultValueFactory = _ => "table",
        };
        format.AcceptOnlyFromAmong("table", "csv", "json");
        var command = new Command("usage", "Who used and spent what") { by, from, to, format };
        options.AddTo(command);
        command.SetAction((line, cancellation) =>
        {
            var usage = new UsageOptions(line.Given(by) ?? [DefaultDimension], line.Given(from), line.Given(to));
            if (usage.From >= usage.To)
            {
                context.Error.WriteLine("--from must be before --to");
                return Task.FromResult(ExitCode.Usage);
            }
            return ControlCommand.RunAsync(options, line, actions, context, (plane, token) => plane.ReadUsageAsync(usage, token),
                report => UsageTable.Write(report, Format(line.GetValue(format)), context.Out), cancellation);
        });
        return command;
    }

    private static UsageFormat Format(string? name) => name switch
    {
        "csv" => UsageFormat.Csv,
        "json" => UsageFormat.Json,
        _ => UsageFormat.Table,
    };
}
