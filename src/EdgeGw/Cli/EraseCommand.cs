using System.CommandLine;
using EdgeGw.Identity;

namespace EdgeGw.Cli;

internal static class EraseCommand
{
    public static Command Build(CliActions actions, CliContext context)
    {
        var options = new ConfigOptions();
        var user = Name("--user", "The person's user name, as reports have it");
        var email = Name("--email", "The person's email, as reports have it");
        var command = new Command("erase", "Put a pseudonym in the place of a person's names in usage and budgets; all sums stay") { user, email };
        command.Validators.Add(given =>
        {
            if (given.GetResult(user) is null && given.GetResult(email) is null)
            {
                given.AddError("say whom: --user, --email or both");
            }
        });
        options.AddTo(command);
        command.SetAction((line, cancellation) => ControlCommand.RunAsync(
            options, line, actions, context, (plane, token) => plane.EraseAsync(line.Given(user), line.Given(email), token), Print, cancellation));
        return command;

        void Print(ErasureResult done) =>
            context.Out.WriteLine($"{PlainText.ForTerminal(done.Pseudonym)}: {done.Rows} rows of usage, {done.Scopes} scopes of budgets, {done.Requests} recent requests");
    }

    private static Option<string?> Name(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "name",
        Validators =
        {
            given =>
            {
                if (given.Tokens is [{ Value.Length: 0 or > Erasure.MaxName }])
                {
                    given.AddError($"{name} must have 1 to {Erasure.MaxName} characters");
                }
            },
        },
    };
}
