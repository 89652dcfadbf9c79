using System.CommandLine;
using EdgeGw.Audit;

namespace EdgeGw.Cli;

internal static class AuditCommand
{
    private const int MostLines = 1_000_000;

    public static Command Build(CliContext context)
    {
        var options = new ConfigOptions();
        var command = new Command("audit", "The audit log in the data folder, whether or not a gateway runs") { Verify(options, context), List(options, context) };
        options.AddTo(command);
        return command;
    }

    private static Command Verify(ConfigOptions options, CliContext context)
    {
        var command = new Command("verify", "Read the whole audit log and report every changed, missing, exchanged or cut line; changes nothing");
        command.SetAction(line => Run(line, options, context, folder =>
        {
            var found = AuditVerifier.VerifyFolder(folder);
            foreach (var damage in found.Damages)
            {
                context.Out.WriteLine($"damage: {damage}");
            }
            context.Out.WriteLine(found.Lines == 0 && found.Damages.Count == 0
                ? "the audit log is empty"
                : $"{found.Lines} lines, {found.First} to {found.Last}; {(found.Damages.Count == 0 ? "intact" : $"{found.Damages.Count} damages")}; last hash {found.Hash}");
            return found.Damages.Count == 0 ? ExitCode.Ok : ExitCode.Failure;
        }));
        return command;
    }

    private static Command List(ConfigOptions options, CliContext context)
    {
        var from = Moment("--from", "From when on, included", context);
        var to = Moment("--to", "Until when, not included", context);
        var action = new Option<string?>("--action") { Description = "This action alone, like key.* or policy.deny", HelpName = "pattern" };
        var actor = new Option<string?>("--actor") { Description = "This actor alone, like user:ann or token:*", HelpName = "pattern" };
        var limit = new Option<int>("--limit") { Description = "The newest so many", DefaultValueFactory = _ => 1000, HelpName = "lines" };
        var command = new Command("list", "Print lines of the audit log, oldest first, one JSON object each") { from, to, action, actor, limit };
        command.SetAction(line => Run(line, options, context, folder =>
        {
            var query = new AuditQuery
            {
                From = line.Given(from),
                To = line.Given(to),
                Action = line.Given(action),
                Actor = line.Given(actor),
                Limit = Math.Clamp(line.GetValue(limit), 1, MostLines),
            };
            foreach (var found in AuditReader.ReadFolder(folder, query).Reverse())
            {
                context.Out.WriteLine(found);
            }
            return ExitCode.Ok;
        }));
        return command;
    }

    private static Option<DateTimeOffset?> Moment(string name, string description, CliContext context) => new(name)
    {
        Description = $"{description}: {TimeText.Expected}",
        HelpName = "when",
        CustomParser = CustomParsers.Moment(context.Time),
    };

    private static int Run(ParseResult line, ConfigOptions options, CliContext context, Func<string, int> read)
    {
        if (options.DataDirectory(line, context) is not { } folder)
        {
            return ExitCode.Usage;
        }
        try
        {
            return read(folder);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            context.Error.WriteLine($"edgegw audit: {fault.Message}");
            return ExitCode.Failure;
        }
    }
}
