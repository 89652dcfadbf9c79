using System.CommandLine;
using EdgeGw.Configuration.Reading;
using EdgeGw.Pricing;

namespace EdgeGw.Cli;

internal static class PricesShowCommand
{
    private const int MostSuggestions = 3;

    public static Command Build(CliContext context)
    {
        var options = new ConfigOptions();
        var name = new Argument<string>("provider/model") { Description = "A configured provider or a kind, and a model as callers name it" };
        var at = new Option<DateTimeOffset?>("--at")
        {
            Description = $"The price in force then: {TimeText.Expected} [default: now]",
            HelpName = "when",
            CustomParser = CustomParsers.Moment(context.Time),
        };
        var command = new Command("show", "Show everything known about one model's price; exit code 1 where none is known") { name, at, options.File };
        command.SetAction(line =>
        {
            var text = line.GetRequiredValue(name);
            var slash = text.IndexOf('/');
            if (slash <= 0 || slash == text.Length - 1)
            {
                context.Error.WriteLine($"{PlainText.ForTerminal(text)} must be provider/model");
                return ExitCode.Usage;
            }
            return PricesConfig.Load(line, options, context) is { } prices
                ? Run(prices, text[..slash], text[(slash + 1)..], line.Given(at) ?? context.Time.GetUtcNow(), context)
                : ExitCode.Usage;
        });
        return command;
    }

    private static int Run(PricesConfig prices, string provider, string model, DateTimeOffset at, CliContext context)
    {
        if (!prices.Knows(provider, context))
        {
            return ExitCode.Failure;
        }
        var kind = prices.KindOf(provider);
        var match = prices.Catalogue.FindMatch(kind, model);
        var price = new PriceBook(prices.Catalogue, prices.Pricing, prices.Providers, new Moment(at)).Resolve(provider, kind, model);
        if (match is null && price.Source != CostSource.Override)
        {
            var near = string.Join(", ", Nearest(prices.Catalogue, kind, model).Select(PlainText.ForTerminal));
            context.Error.WriteLine($"no price of {PlainText.ForTerminal($"{provider}/{model}")} is known" + (near.Length > 0 ? $"; near: {near}" : ""));
            return ExitCode.Failure;
        }
        PriceReport.Write($"{provider}/{model}", kind, match, price, at, context.Out);
        return ExitCode.Ok;
    }

    private static IEnumerable<string> Nearest(PriceCatalogue catalogue, string kind, string model)
    {
        var kinds = catalogue.Providers.Where(list => list.Kinds.Contains(kind)).SelectMany(list => list.Resells).Append(kind).ToHashSet();
        var names = catalogue.Providers.Where(list => list.Kinds.Any(kinds.Contains)).SelectMany(list => list.Models).SelectMany(each => each.Names)
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < MostSuggestions && NameSuggestion.Nearest(model, names) is { } near; i++)
        {
            names.Remove(near);
            yield return near;
        }
    }

    private sealed class Moment(DateTimeOffset at) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => at;
    }
}
