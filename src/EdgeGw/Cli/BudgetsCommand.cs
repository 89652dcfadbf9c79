using System.CommandLine;
using System.Globalization;
using EdgeGw.Budgets;
using EdgeGw.Pricing;

namespace EdgeGw.Cli;

internal static class BudgetsCommand
{
    private const int TextColumns = 2;
    private static readonly string[] Columns =
        ["budget", "scope", "limit_usd", "spent_usd", "held_usd", "remaining_usd", "used", "forecast_usd", "exhausted_at", "window_end"];

    public static Command Build(CliActions actions, CliContext context)
    {
        var options = new ConfigOptions();
        var budget = new Option<string?>("--budget") { Description = "This one alone", HelpName = "name" };
        var scope = new Option<string?>("--scope") { Description = "Whose: a user, a key, a team, as the budget is split", HelpName = "value" };
        var format = new Option<string>("--format") { Description = "table; csv; or json", DefaultValueFactory = _ => "table" };
        format.AcceptOnlyFromAmong("table", "csv", "json");
        var command = new Command("budgets", "What every budget has spent, holds and has left, and where it is heading") { budget, scope, format, Raise(options, actions, context) };
        options.AddTo(command);
        command.SetAction((line, cancellation) => ControlCommand.RunAsync(
            options, line, actions, context, (plane, token) => plane.ReadBudgetsAsync(line.Given(budget), line.Given(scope), token),
            budgets => Print(budgets, line.GetValue(format)), cancellation));
        return command;

        void Print(IReadOnlyList<BudgetStatus> budgets, string? wanted)
        {
            var now = context.Time.GetUtcNow();
            switch (wanted)
            {
                case "json":
                    context.Out.WriteLine(AdminJson.Write(budgets, now));
                    break;
                case "csv":
                    CsvText.WriteLine(Columns, context.Out);
                    foreach (var status in budgets)
                    {
                        CsvText.WriteLine(Array.ConvertAll(Cells(status, now), CsvText.Defuse), context.Out);
                    }
                    break;
                default:
                    var table = new TextTable(Columns, TextColumns);
                    foreach (var status in budgets)
                    {
                        table.Add(Cells(status, now));
                    }
                    table.Write(context.Out);
                    break;
            }
        }
    }

    private static Command Raise(ConfigOptions options, CliActions actions, CliContext context)
    {
        var budget = new Option<string>("--budget") { Description = "The budget's name", Required = true, HelpName = "name" };
        var scope = new Option<string?>("--scope") { Description = "Whose; without it everybody's", HelpName = "value" };
        var amount = new Option<decimal>("--amount") { Description = "Dollars on top of the amount; 0 ends the raise", Required = true, HelpName = "dollars" };
        var until = new Option<DateTimeOffset?>("--until")
        {
            Description = "Until when: a duration (2h) or a date",
            Required = true,
            HelpName = "when",
            CustomParser = CustomParsers.Expiry(context.Time),
        };
        var reason = new Option<string>("--reason") { Description = "Why, for the audit trail", Required = true, HelpName = "text" };
        var command = new Command("raise", "Let a budget spend more for a while; the next raise of the same takes its place") { budget, scope, amount, until, reason };
        command.SetAction((line, cancellation) =>
        {
            if (line.GetValue(amount) is < 0 or > 900_000_000)
            {
                context.Error.WriteLine("--amount must be from 0 to 900000000");
                return Task.FromResult(ExitCode.Usage);
            }
            var raise = new BudgetRaise(
                line.GetRequiredValue(budget), line.Given(scope), NanoUsd.FromDollars(line.GetValue(amount)), line.Given(until)!.Value, line.GetRequiredValue(reason));
            return ControlCommand.RunAsync(options, line, actions, context, (plane, token) => plane.RaiseBudgetAsync(raise, token), Print, cancellation);
        });
        return command;

        void Print(BudgetRaise raised) => context.Out.WriteLine(
            $"{PlainText.ForTerminal(raised.Budget)} {PlainText.ForTerminal(raised.Scope ?? "(all)")}: {raised.Amount} USD more until {Moment(raised.Until)}");
    }

    private static string[] Cells(BudgetStatus status, DateTimeOffset now) =>
    [
        status.Budget, status.Scope, status.Limit.ToString(), status.Spent.ToString(), status.Held.ToString(), status.Remaining.ToString(),
        Percent(status), status.Forecast(now).ToString(), status.Exhaustion(now) is { } end ? Moment(end) : "", Moment(status.WindowEnd),
    ];

    private static string Percent(BudgetStatus status) =>
        status.Limit > NanoUsd.Zero ? string.Create(CultureInfo.InvariantCulture, $"{(Int128)status.Spent.Value * 100 / status.Limit.Value}%") : "";

    private static string Moment(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm'Z'", CultureInfo.InvariantCulture);
}
