using EdgeGw.Configuration.Reading;

namespace EdgeGw.Configuration.Binding;

internal static class LimitBinder
{
    private const int LargestAmount = 1_000_000_000;
    private static readonly TimeSpan ShortestWindow = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestWindow = TimeSpan.FromDays(1);

    private static readonly (string Name, LimitKind Kind)[] Kinds =
        [("requests", LimitKind.Requests), ("tokens", LimitKind.Tokens), ("concurrent", LimitKind.Concurrent)];

    public static List<LimitConfig> Bind(ConfigValue? value)
    {
        var limits = new List<LimitConfig>();
        var names = new UniqueNames("limit");
        foreach (var item in value?.Items() ?? [])
        {
            if (ObjectReader.Open(item, Shapes.Limit) is not { } reader)
            {
                continue;
            }
            var name = names.Read(reader.Required("name"));
            var match = CallMatchBinder.Bind(reader.Optional("match"));
            var action = reader.Optional("at_limit")?.OneOf("action", [("block", AtLimit.Block), ("shadow", AtLimit.Shadow)]) ?? AtLimit.Block;
            if (Rate(item, reader) is { } rate && name is not null)
            {
                limits.Add(rate with { Name = name, Match = match, AtLimit = action });
            }
        }
        return limits;
    }

    /// <summary>The limits that a policy sets, without names; null: with faults.</summary>
    public static List<LimitConfig>? BindRates(ConfigValue value)
    {
        var limits = new List<LimitConfig>();
        var isRight = value.Node.Kind == ConfigNodeKind.Array;
        foreach (var item in value.Items() ?? [])
        {
            if (ObjectReader.Open(item, Shapes.PolicyLimit) is not { } reader || Rate(item, reader) is not { } rate)
            {
                isRight = false;
            }
            else if (limits.Exists(limit => limit.Kind == rate.Kind))
            {
                item.Fault("counts what another limit of this policy counts: make it a policy of its own");
                isRight = false;
            }
            else
            {
                limits.Add(rate);
            }
        }
        if (isRight && limits.Count == 0)
        {
            value.Fault("is empty: say what is limited ({\"requests\": 10, \"window\": \"1m\"})");
            isRight = false;
        }
        return isRight ? limits : null;
    }

    /// <summary>What is counted, how much of it may be had, and how it is split.</summary>
    private static LimitConfig? Rate(ConfigValue self, ObjectReader reader)
    {
        var per = CallDimensionsBinder.Bind(reader.Optional("per"));
        return Counted(self, reader) is { } what && Rate(reader, what.Kind, what.Amount) is { } rate
            ? new LimitConfig
            {
                Name = "",
                Per = per,
                Kind = what.Kind,
                Amount = what.Amount,
                Window = rate.Window,
                Algorithm = rate.Algorithm,
                Burst = rate.Burst,
            }
            : null;
    }

    /// <summary>Exactly one of the three: a refusal names its rule, and with two kinds in one nobody would know which it was.</summary>
    private static (LimitKind Kind, int Amount)? Counted(ConfigValue self, ObjectReader reader)
    {
        (LimitKind Kind, int Amount)? counted = null;
        string? first = null;
        foreach (var (name, kind) in Kinds)
        {
            if (reader.Optional(name) is not { } value)
            {
                continue;
            }
            if (first is not null)
            {
                value.FaultName($"a limit counts one thing, and this one counts {first} already: make it a limit of its own");
                return null;
            }
            first = name;
            counted = value.Integer(1, LargestAmount) is { } amount ? (kind, amount) : null;
        }
        if (first is null)
        {
            self.Fault("says no amount: one of \"requests\", \"tokens\" or \"concurrent\" is needed");
        }
        return counted;
    }

    private static (TimeSpan Window, LimitAlgorithm Algorithm, long? Burst)? Rate(ObjectReader reader, LimitKind kind, int amount)
    {
        if (kind == LimitKind.Concurrent)
        {
            foreach (var name in (string[])["window", "algorithm", "burst"])
            {
                reader.Optional(name)?.FaultName("is for requests and tokens: calls at the same time have no window");
            }
            return (TimeSpan.Zero, default, null);
        }
        var window = reader.Required("window")?.Duration(ShortestWindow, LongestWindow);
        // A reservation is given back where it was taken; only windows can do that to the token.
        var algorithm = reader.Optional("algorithm")?.OneOf("algorithm",
            [("gcra", LimitAlgorithm.Gcra), ("fixed", LimitAlgorithm.Fixed), ("sliding", LimitAlgorithm.Sliding)])
            ?? (kind == LimitKind.Tokens ? LimitAlgorithm.Sliding : LimitAlgorithm.Gcra);
        int? burst = null;
        if (reader.Optional("burst") is { } value)
        {
            if (algorithm == LimitAlgorithm.Gcra)
            {
                burst = value.Integer(1, amount);
            }
            else
            {
                value.FaultName("is for the algorithm \"gcra\"; a window's amount may come at once anyway");
            }
        }
        return window is { } length ? (length, algorithm, burst) : null;
    }
}
