using System.CommandLine;

namespace EdgeGw.Cli;

/// <summary><c>edgegw prices</c>: what is known of prices, and price files from public catalogues.</summary>
internal static class PricesCommand
{
    public static Command Build(CliContext context) => new("prices", "List, show, import and compare the prices of models")
    {
        PricesListCommand.Build(context),
        PricesShowCommand.Build(context),
        PricesImportCommand.Build(context),
        PricesDiffCommand.Build(context),
    };
}
