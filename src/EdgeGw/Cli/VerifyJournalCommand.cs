using System.CommandLine;

namespace EdgeGw.Cli;

internal static class VerifyJournalCommand
{
    public static Command Build(CliActions actions, CliContext context)
    {
        var options = new ConfigOptions();
        var json = new Option<bool>("--json") { Description = "Print one JSON object" };
        var command = new Command("verify-journal", "Read a stopped gateway's whole data folder and report all damage; changes nothing") { json };
        options.AddTo(command);
        command.SetAction(async (line, cancellation) =>
            options.DataDirectory(line, context) is { } folder
                ? await actions.VerifyJournal(new VerifyJournalOptions(folder, line.GetValue(json)), context, cancellation)
                : ExitCode.Usage);
        return command;
    }
}
