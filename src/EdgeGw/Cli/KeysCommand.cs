using System.CommandLine;
using System.Globalization;

namespace EdgeGw.Cli;

internal static class KeysCommand
{
    private const int TextColumns = 7;

    public static Command Build(CliActions actions, CliContext context)
    {
        var options = new ConfigOptions();
        var command = new Command("keys", "Create, list and revoke virtual keys, of a running gateway or in its data folder")
        {
            Create(options, actions, context),
            List(options, actions, context),
            Revoke(options, actions, context),
        };
        options.AddTo(command);
        return command;
    }

    private static Command Create(ConfigOptions options, CliActions actions, CliContext context)
    {
        var name = new Option<string>("--name") { Description = "What the key is called in reports and budgets", Required = true, HelpName = "name" };
        var service = new Option<string?>("--service") { Description = "The service that uses it", HelpName = "name" };
        var groups = new Option<string[]>("--group") { Description = "A group it belongs to; may be repeated", HelpName = "name" };
        var metadata = new Option<Dictionary<string, string>?>("--metadata")
        {
            Description = "A label; may be repeated",
            HelpName = "name=value",
            CustomParser = CustomParsers.Labels,
            Arity = ArgumentArity.OneOrMore,
        };
        var expires = new Option<DateTimeOffset?>("--expires")
        {
            Description = "When it stops working: a duration (90d) or a date",
            HelpName = "when",
            CustomParser = CustomParsers.Expiry(context.Time),
        };
        var command = new Command("create", "Create a key and print its secret, once") { name, service, groups, metadata, expires };
        command.SetAction((line, cancellation) =>
        {
            var key = new KeyCreateOptions
            {
                Name = line.GetRequiredValue(name),
                Service = line.Given(service),
                Groups = line.Given(groups) ?? [],
                Metadata = line.Given(metadata) ?? [],
                Expires = line.Given(expires),
            };
            return ControlCommand.RunAsync(options, line, actions, context, (plane, token) => plane.CreateKeyAsync(key, token), Print, cancellation);
        });
        return command;

        void Print(CreatedKey created)
        {
            // The secret alone on standard output, so that a script can take it; what people want to know beside it goes to the other stream.
            context.Error.WriteLine($"key {PlainText.ForTerminal(created.Name)}, id {created.Id}, {Expiry(created.Expires)}");
            if (created.Hash is not null)
            {
                context.Error.WriteLine($"hash for identity.keys: {created.Hash}");
            }
            context.Error.WriteLine("the secret is shown this once and kept nowhere:");
            context.Out.WriteLine(created.Secret);
        }
    }

    private static Command List(ConfigOptions options, CliActions actions, CliContext context)
    {
        var command = new Command("list", "List keys, without their secrets");
        command.SetAction((line, cancellation) =>
            ControlCommand.RunAsync(options, line, actions, context, (plane, token) => plane.ListKeysAsync(token), Print, cancellation));
        return command;

        void Print(IReadOnlyList<KeyInfo> keys)
        {
            var table = new TextTable(["name", "id", "service", "groups", "created", "expires", "state"], TextColumns);
            var now = context.Time.GetUtcNow();
            foreach (var key in keys)
            {
                var state = key.Revoked ? "revoked" : key.Expires <= now ? "expired" : "active";
                table.Add([key.Name, key.Id, key.Service ?? "", string.Join(',', key.Groups), Day(key.Created), Day(key.Expires), state]);
            }
            table.Write(context.Out);
        }
    }

    private static Command Revoke(ConfigOptions options, CliActions actions, CliContext context)
    {
        var key = new Argument<string>("key") { Description = "Its name or id" };
        var command = new Command("revoke", "Revoke a key for good") { key };
        command.SetAction((line, cancellation) =>
            ControlCommand.RunAsync(options, line, actions, context, (plane, token) => plane.RevokeKeyAsync(line.GetRequiredValue(key), token), Print,
                cancellation));
        return command;

        void Print(KeyInfo revoked) => context.Out.WriteLine($"revoked {PlainText.ForTerminal(revoked.Name)}");
    }

    private static string Expiry(DateTimeOffset? expires) => expires is null ? "never expires" : $"expires {Day(expires)}";

    private static string Day(DateTimeOffset? moment) => moment?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm'Z'", CultureInfo.InvariantCulture) ?? "";
}
