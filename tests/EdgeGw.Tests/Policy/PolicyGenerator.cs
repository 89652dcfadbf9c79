using System.Net;
using EdgeGw.Configuration;
using EdgeGw.Identity;
using EdgeGw.Metering;
using EdgeGw.Policy;

namespace EdgeGw.Tests.Policy;

/// <summary>Policies, callers and calls over few values, so that they meet.</summary>
internal sealed class PolicyGenerator(Random random)
{
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    public PolicyConfig[] Policies() => [.. Enumerable.Range(0, random.Next(0, 9)).Select(i => Policy($"rule-{i}"))];

    public Principal[] Callers() => [.. Enumerable.Range(0, 3).Select(_ => new Principal
    {
        User = Pick(null, "ann", "bob"),
        Email = Pick(null, "ann@example.com", "bob@other.org"),
        Service = Pick(null, "review-bot"),
        KeyName = Pick(null, "k1"),
        KeyId = Pick(null, "key_1"),
        Groups = Some("ml", "interns", "Staff"),
        Metadata = Labels(),
        Claims = random.Next(2) == 0 ? new Dictionary<string, IReadOnlyList<string>> { ["role"] = Some("dev", "ops") } : new Dictionary<string, IReadOnlyList<string>>(),
    })];

    public PolicyCall Call(Principal caller)
    {
        var dialect = Pick(Dialect.ChatCompletions, Dialect.Messages, Dialect.Opaque);
        var isKnown = dialect != Dialect.Opaque;
        return new PolicyCall(
            caller, Pick("openai", "local"), isKnown ? Pick("gpt-5", "gpt-5-mini", "llama") : Pick("", null), dialect, Labels(),
            new RequestFeatures(isKnown, Coin(), Coin(), Coin(), Pick<long?>(null, 10, 100, 1000), random.Next(0, 300), random.Next(4) > 0),
            new DateTimeOffset(2025, 10, 24, 0, 0, 0, TimeSpan.Zero).AddMinutes(random.Next(0, 5 * 24 * 60)),
            Pick(null, IPAddress.Parse("10.1.2.3"), IPAddress.Parse("::ffff:10.1.2.3"), IPAddress.Parse("10.2.0.1"), IPAddress.Parse("2001:db8::1")));
    }

    private PolicyConfig Policy(string name)
    {
        var effect = Pick(PolicyEffect.Allow, PolicyEffect.Allow, PolicyEffect.Deny, PolicyEffect.Require, PolicyEffect.Route);
        return new PolicyConfig
        {
            Name = name,
            Match = random.Next(5) == 0 ? null : Match() with { Except = random.Next(3) == 0 ? [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Match())] : [] },
            Effect = effect,
            Allow = effect == PolicyEffect.Allow
                ? new ResourceMatch { Models = Maybe("local/*", "gpt-*", "*"), Providers = Maybe("openai", "l*"), Dialects = MaybeDialects() }
                : null,
            Reason = effect == PolicyEffect.Deny ? Pick(null, "no") : null,
            Require = effect == PolicyEffect.Require ? new Requirement { Metadata = Maybe("team", "cost"), MaxOutput = Pick<long?>(null, 50, 100, 500) } : null,
            Route = effect == PolicyEffect.Route ? "local/llama" : null,
            Shadow = random.Next(4) == 0,
        };
    }

    private PolicyMatch Match() => new()
    {
        Calls = new CallMatch
        {
            Users = Maybe("ann", "b*"),
            Emails = Maybe("*@example.com"),
            Groups = Maybe("ml", "interns", "staff"),
            Services = Maybe("review-*"),
            Keys = Maybe("k1", "key_1"),
            Models = Maybe("openai/*", "gpt-5", "*mini"),
            Providers = Maybe("local"),
            Metadata = random.Next(5) == 0 ? new Dictionary<string, string> { ["team"] = Pick("core", "*") } : new Dictionary<string, string>(),
        },
        Claims = random.Next(8) == 0 ? new Dictionary<string, IReadOnlyList<string>> { ["role"] = ["dev", "o*"] } : new Dictionary<string, IReadOnlyList<string>>(),
        Dialects = MaybeDialects(),
        Time = random.Next(6) == 0 ? Time() : null,
        Request = random.Next(6) == 0
            ? new RequestMatch { Tools = Pick<bool?>(null, true, false), Images = Pick<bool?>(null, true), Stream = Pick<bool?>(null, true, false), MaxOutputAbove = Pick<long?>(null, 50), PromptBytesAbove = Pick<long?>(null, 150) }
            : null,
        Networks = random.Next(6) == 0 ? [Pick(IPNetwork.Parse("10.1.0.0/16"), IPNetwork.Parse("10.1.2.2/31"), IPNetwork.Parse("2001:db8::/32"), IPNetwork.Parse("0.0.0.0/0"))] : [],
    };

    private TimeMatch Time()
    {
        var from = TimeSpan.FromMinutes(random.Next(0, 24 * 60));
        var to = TimeSpan.FromMinutes(random.Next(1, (24 * 60) + 1));
        return new TimeMatch
        {
            Zone = Pick(TimeZoneInfo.Utc, Berlin),
            From = from,
            To = to == from ? TimeSpan.FromDays(1) : to,
            Days = Pick<DayOfWeek[]>([], [DayOfWeek.Saturday, DayOfWeek.Sunday], [DayOfWeek.Friday]),
        };
    }

    private Dictionary<string, string> Labels() => random.Next(3) == 0 ? new() { ["team"] = Pick("core", "edge", "") } : [];

    private Dialect[] MaybeDialects() => random.Next(6) == 0 ? [Pick(Dialect.ChatCompletions, Dialect.Opaque)] : [];

    private string[] Maybe(params string[] values) => random.Next(6) == 0 ? Some(values) is { Length: > 0 } some ? some : [values[0]] : [];

    private string[] Some(params string[] values) => [.. values.Where(_ => Coin())];

    private bool Coin() => random.Next(2) == 0;

    private T Pick<T>(params T[] values) => values[random.Next(values.Length)];
}
