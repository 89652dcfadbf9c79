using System.CommandLine;
using System.CommandLine.Invocation;

namespace EdgeGw.Cli;

/// <summary>The command line: parses, loads the configuration, calls the action, and maps the outcome to an <see cref="ExitCode"/>.</summary>
public static class EdgeGwCommand
{
    private const string About = """
        EdgeGw: an AI gateway for edge nodes. Applications change their base URL; it meters, prices and budgets every call.

        Exit codes: 0 done, 1 failed, 2 the command line or the configuration is wrong and nothing was done.
        """;

    public static RootCommand Build(CliActions actions, CliContext context)
    {
        var root = new RootCommand(About)
        {
            ServeCommand.Build(actions, context),
            DemoCommand.Build(actions, context),
            CheckCommand.Build(context),
            KeysCommand.Build(actions, context),
            UsageCommand.Build(actions, context),
            BudgetsCommand.Build(actions, context),
            EraseCommand.Build(actions, context),
            SimulateCommand.Build(actions, context),
            MeterCommand.Build(actions, context),
            PricesCommand.Build(context),
            PoliciesCommand.Build(context),
            VerifyJournalCommand.Build(actions, context),
            AuditCommand.Build(context),
            VersionCommand.Build(context),
        };
        return root;
    }

    /// <summary>Parses and runs one command line.</summary>
    /// <param name="cancellation">A graceful stop; see <see cref="TerminationSignals"/>.</param>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, CliActions actions, CliContext context, CancellationToken cancellation)
    {
        // Without response files: "@name" is a value like any other, not a file to be read into the command line.
        var line = Build(actions, context).Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        var isFaulty = line.Action is ParseErrorAction;
        var invocation = new InvocationConfiguration
        {
            // The help after a fault is no output: a script that takes the secret of a new key must not get it instead.
            Output = isFaulty ? context.Error : context.Out,
            Error = context.Error,
            // The library would kill a graceful stop after two seconds; signals are ours.
            ProcessTerminationTimeout = null,
        };
        var code = await line.InvokeAsync(invocation, cancellation);
        return isFaulty ? ExitCode.Usage : code;
    }
}
