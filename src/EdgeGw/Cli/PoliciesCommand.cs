using System.CommandLine;

namespace EdgeGw.Cli;

/// <summary><c>edgegw policies</c>: policies from elsewhere.</summary>
internal static class PoliciesCommand
{
    public static Command Build(CliContext context) => new("policies", "Import policies of other gateways") { PoliciesImportCommand.Build(context) };
}
