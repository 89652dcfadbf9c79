using System.Text.Json;
using EdgeGw.Identity;

namespace EdgeGw.Tests.Policy.Import;

/// <summary>Who calls, as the source's conditions see it. Null and an empty list of nobody's: missing.</summary>
internal sealed record CelCaller(string? User, string? Email, string[] Groups, string? Role, string? Team)
{
    public Principal Principal(bool ownsLabel) => new()
    {
        User = User,
        Email = Email,
        Groups = Groups,
        Claims = Role is null ? new Dictionary<string, IReadOnlyList<string>>() : new Dictionary<string, IReadOnlyList<string>> { ["role"] = [Role] },
        Metadata = ownsLabel ? Labels : new Dictionary<string, string>(),
    };

    public Dictionary<string, string> Labels => Team is null ? [] : new() { ["team"] = Team };

    /// <summary>The values of a field; null: the caller lacks it.</summary>
    public string[]? Values(string field) => field switch
    {
        "cf.user.id" => One(User),
        "cf.user.email" => One(Email),
        "cf.custom.role" => One(Role),
        "metadata.team" => One(Team),
        _ => Groups.Length == 0 && User is null ? null : Groups,
    };

    private static string[]? One(string? value) => value is null ? null : [value];
}

/// <summary>A condition with its text, and what it says of a caller; null: an error. Written down with no code of the product.</summary>
internal sealed record CelCondition(string Text, Func<CelCaller, bool?> Says)
{
    private static readonly string[] Singles = ["cf.user.id", "cf.user.email", "cf.custom.role", "metadata.team"];

    private static readonly Dictionary<string, string[]> Values = new()
    {
        ["cf.user.id"] = ["ann", "bob", "bot-1"],
        ["cf.user.email"] = ["ann@corp.example", "bob@corp.example", "bob@other.org"],
        ["cf.custom.role"] = ["dev", "ops", "devops"],
        ["metadata.team"] = ["core", "edge", ""],
        ["cf.user.groups"] = ["ml", "ml-leads", "interns"],
    };

    public static CelCaller Caller(Random random)
    {
        return new CelCaller(Maybe("cf.user.id"), Maybe("cf.user.email"), [.. Values["cf.user.groups"].Where(_ => random.Next(2) == 0)], Maybe("cf.custom.role"), Maybe("metadata.team"));

        string? Maybe(string field) => random.Next(4) == 0 ? null : Pick(random, Values[field]);
    }

    public static CelCondition Any(Random random, int depth)
    {
        switch (depth == 0 ? 9 : random.Next(10))
        {
            case 0 or 1 or 2:
                var (a, b) = (Any(random, depth - 1), Any(random, depth - 1));
                return new CelCondition($"({a.Text} && {b.Text})", caller => And(a.Says(caller), b.Says(caller)));
            case 3 or 4 or 5:
                var (one, other) = (Any(random, depth - 1), Any(random, depth - 1));
                return new CelCondition($"{one.Text} || ({other.Text})", caller => !And(!one.Says(caller), !other.Says(caller))) is var either ? either with { Text = $"({either.Text})" } : null!;
            case 6:
                var not = Any(random, depth - 1);
                return new CelCondition($"!({not.Text})", caller => !not.Says(caller));
            default:
                return Leaf(random);
        }
    }

    private static CelCondition Leaf(Random random)
    {
        var field = Pick(random, Singles);
        var text = Pick(random, Values[field]);
        var second = Pick(random, Values[field]);
        var group = Pick(random, Values["cf.user.groups"]);
        var part = text.Length == 0 ? "" : text[..random.Next(text.Length)];
        var end = text.Length == 0 ? "" : text[random.Next(text.Length)..];
        // What differs in writing and not in meaning.
        var written = field == "metadata.team" && random.Next(2) == 0 ? "metadata[\"team\"]" : field;
        return random.Next(14) switch
        {
            0 => new CelCondition(random.Next(2) == 0 ? "true" : "false", null!) is var constant ? constant with { Says = constant.Text == "true" ? static _ => true : static _ => false } : null!,
            1 => new CelCondition($"has({field})", caller => caller.Values(field) is not null),
            2 or 3 => On(field, $"{written} == {Quoted(random, text)}", value => value == text),
            4 => On(field, $"{Quoted(random, text)} != {written}", value => value != text),
            5 => On(field, $"{written} in [{Quoted(random, text)}, {Quoted(random, second)}]", value => value == text || value == second),
            6 => On(field, $"{written}.startsWith({Quoted(random, part)})", value => value.StartsWith(part, StringComparison.Ordinal)),
            7 => On(field, $"{written}.endsWith({Quoted(random, end)})", value => value.EndsWith(end, StringComparison.Ordinal)),
            8 => On(field, $"{written}.contains({Quoted(random, part)})", value => value.Contains(part, StringComparison.Ordinal)),
            9 => On("cf.user.email", "cf.user.email.matches(r'^b.*@corp\\.example$')", static value => value.StartsWith('b') && value.EndsWith("@corp.example", StringComparison.Ordinal)),
            10 => On("cf.user.groups", "cf.user.groups.exists(g, g.startsWith('ml-') || g == 'interns')", static value => value.StartsWith("ml-", StringComparison.Ordinal) || value == "interns"),
            _ => On("cf.user.groups", $"{Quoted(random, group)} in cf.user.groups", value => value == group),
        };
    }

    /// <summary>An error where the field is missing; else whether one of its values is so.</summary>
    private static CelCondition On(string field, string text, Func<string, bool> holds) =>
        new(text, caller => caller.Values(field)?.Any(holds));

    /// <summary>False decides, whatever the other is.</summary>
    private static bool? And(bool? a, bool? b) => a == false || b == false ? false : a is null || b is null ? null : true;

    private static string Quoted(Random random, string text) => random.Next(2) == 0 ? $"'{text}'" : JsonSerializer.Serialize(text);

    private static T Pick<T>(Random random, T[] values) => values[random.Next(values.Length)];
}
