using System.CommandLine;
using System.Globalization;

namespace EdgeGw.Cli;

internal static class KeysCommand
{
    private const int TextColumns = 10;

    public static Command Build(CliActions actions, CliContext context)
    {
        var options = new ConfigOptions();
        var command = new Command("keys", "Create, list, rotate and revoke virtual keys, of a running gateway or in its data folder")
        {
            Create(options, actions, context),
            List(options, actions, context),
            Rotate(options, actions, context),
            Revoke(options, actions, context),
        };
        options.AddTo(command);
        return command;
    }

    private static Command Create(ConfigOptions options, CliActions actions, CliContext context)
    {
        var name = new Option<string>("--name") { Description = "What the key is called in reports and budgets", Required = true, HelpName = "name" };
        var user = new Option<string?>("--user") { Description = "The person whose key it is, named as their tokens name them", HelpName = "name" };
        var email = new Option<string?>("--email") { Description = "The person's mail address", HelpName = "address" };
        var models = new Option<string[]>("--model") { Description = "What it may be used for: a pattern such as openai/gpt-5*; may be repeated", HelpName = "pattern" };
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
        var command = new Command("create", "Create a key and print its secret, once") { name, user, email, service, groups, models, metadata, expires };
        command.SetAction((line, cancellation) =>
        {
            var key = new KeyCreateOptions
            {
                Name = line.GetRequiredValue(name),
                User = line.Given(user),
                Email = line.Given(email),
                Service = line.Given(service),
                Groups = line.Given(groups) ?? [],
                Models = line.Given(models) ?? [],
                Metadata = line.Given(metadata) ?? [],
                Expires = line.Given(expires),
            };
            return ControlCommand.RunAsync(options, line, actions, context, (plane, token) => plane.CreateKeyAsync(key, token), created => Print(context, created), cancellation);
        });
        return command;
    }

    private static Command Rotate(ConfigOptions options, CliActions actions, CliContext context)
    {
        var key = new Argument<string>("key") { Description = "Its name or id" };
        var overlap = new Option<TimeSpan>("--overlap")
        {
            Description = "How long the old secret works on beside the new one, at most 90d; 0s ends it now",
            HelpName = "duration",
            CustomParser = CustomParsers.Overlap,
            DefaultValueFactory = static _ => TimeSpan.FromHours(24),
        };
        var command = new Command("rotate", "Give a key a new secret, under its name and with its budgets, and print it, once") { key, overlap };
        command.SetAction((line, cancellation) => ControlCommand.RunAsync(
            options, line, actions, context, (plane, token) => plane.RotateKeyAsync(line.GetRequiredValue(key), line.GetRequiredValue(overlap), token),
            rotated => Print(context, rotated), cancellation));
        return command;
    }

    private static void Print(CliContext context, CreatedKey created)
    {
        // The secret alone on standard output, so that a script can take it; what people want to know beside it goes to the other stream.
        context.Error.WriteLine($"key {PlainText.ForTerminal(created.Name)}, id {created.Id}, {Expiry(created.Expires)}");
        if (created.OldSecretUntil is { } until)
        {
            context.Error.WriteLine($"the old secret works until {Day(until)}");
        }
        if (created.Hash is not null)
        {
            context.Error.WriteLine($"hash for identity.keys: {created.Hash}");
        }
        context.Error.WriteLine("the secret is shown this once and kept nowhere:");
        context.Out.WriteLine(created.Secret);
    }

    private static Command List(ConfigOptions options, CliActions actions, CliContext context)
    {
        var command = new Command("list", "List keys, without their secrets");
        command.SetAction((line, cancellation) =>
            ControlCommand.RunAsync(options, line, actions, context, (plane, token) => plane.ListKeysAsync(token), Print, cancellation));
        return command;

        void Print(IReadOnlyList<KeyInfo> keys)
        {
            var table = new TextTable(["name", "id", "user", "service", "groups", "models", "created", "last used", "expires", "state"], TextColumns);
            var now = context.Time.GetUtcNow();
            foreach (var key in keys)
            {
                var state = key.Revoked ? "revoked" : key.Expires <= now ? "expired"
                    : key.OldSecretUntil is { } until ? $"active, old secret until {Day(until)}" : "active";
                table.Add(
                [
                    key.Name, key.Id, key.User ?? "", key.Service ?? "", string.Join(',', key.Groups), string.Join(',', key.Models),
                    Day(key.Created), Day(key.LastUsed), Day(key.Expires), state,
                ]);
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
