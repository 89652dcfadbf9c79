using EdgeGw.Configuration.Reading;

namespace EdgeGw.Configuration.Binding;

internal static class PolicyBinder
{
    /// <summary>No model puts out as many tokens.</summary>
    private const int LargestOutput = 100_000_000;

    private static readonly (string Name, PolicyEffect Effect)[] Effects =
        [("allow", PolicyEffect.Allow), ("deny", PolicyEffect.Deny), ("require", PolicyEffect.Require), ("route", PolicyEffect.Route), ("limits", PolicyEffect.Limits)];

    public static List<PolicyConfig> Bind(ConfigValue? value)
    {
        var policies = new List<PolicyConfig>();
        var names = new UniqueNames("policy");
        foreach (var item in value?.Items() ?? [])
        {
            if (ObjectReader.Open(item, Shapes.Policy) is not { } reader)
            {
                continue;
            }
            var name = names.Read(reader.Required("name"));
            var match = PolicyMatchBinder.Bind(reader.Optional("match"));
            var shadow = reader.Optional("shadow")?.Boolean() ?? false;
            if (Effect(item, reader) is { } effect && name is not null)
            {
                policies.Add(effect with { Name = name, Match = match, Shadow = shadow });
            }
        }
        return policies;
    }

    /// <summary>Exactly one: a decision names its rule, and with two effects in one nobody would know which it was.</summary>
    private static PolicyConfig? Effect(ConfigValue self, ObjectReader reader)
    {
        PolicyConfig? policy = null;
        string? first = null;
        foreach (var (name, effect) in Effects)
        {
            if (reader.Optional(name) is not { } value)
            {
                continue;
            }
            if (first is not null)
            {
                value.FaultName($"a policy has one effect, and this one has {first} already: make it a policy of its own");
                return null;
            }
            first = name;
            policy = effect switch
            {
                PolicyEffect.Allow => Allow(value) is { } allowed ? new PolicyConfig { Name = "", Effect = effect, Allow = allowed } : null,
                PolicyEffect.Deny => Deny(value),
                PolicyEffect.Require => Require(value) is { } required ? new PolicyConfig { Name = "", Effect = effect, Require = required } : null,
                PolicyEffect.Limits => LimitBinder.BindRates(value) is { } limits ? new PolicyConfig { Name = "", Effect = effect, Limits = limits } : null,
                _ => value.NonEmptyText() is { } target ? new PolicyConfig { Name = "", Effect = effect, Route = target } : null,
            };
        }
        if (first is null)
        {
            self.Fault("has no effect: one of \"allow\", \"deny\", \"require\", \"route\" or \"limits\" is needed");
        }
        return policy;
    }

    private static ResourceMatch? Allow(ConfigValue value)
    {
        if (ObjectReader.Open(value, Shapes.Allow) is not { } reader)
        {
            return null;
        }
        if (value.Node.Members.Count == 0)
        {
            value.Fault("allows nothing: name models, providers or dialects (\"providers\": [\"*\"] is everything)");
            return null;
        }
        return new ResourceMatch
        {
            Models = MatchBinder.Texts(reader.Optional("models")),
            Providers = MatchBinder.Texts(reader.Optional("providers")),
            Dialects = PolicyMatchBinder.Dialects(reader.Optional("dialects")),
        };
    }

    private static PolicyConfig? Deny(ConfigValue value)
    {
        if (value.Node.Kind == ConfigNodeKind.String)
        {
            return value.NonEmptyText() is { } reason ? new PolicyConfig { Name = "", Effect = PolicyEffect.Deny, Reason = reason } : null;
        }
        if (value.Node is { Kind: ConfigNodeKind.Boolean, Text: "true" })
        {
            return new PolicyConfig { Name = "", Effect = PolicyEffect.Deny };
        }
        value.Fault("must be true, or a reason that the caller is told");
        return null;
    }

    private static Requirement? Require(ConfigValue value)
    {
        if (ObjectReader.Open(value, Shapes.Require) is not { } reader)
        {
            return null;
        }
        if (value.Node.Members.Count == 0)
        {
            value.Fault("requires nothing: name metadata or max_output");
            return null;
        }
        var labels = MatchBinder.Texts(reader.Optional("metadata"));
        return new Requirement { Metadata = labels, MaxOutput = reader.Optional("max_output")?.Integer(1, LargestOutput) };
    }
}
