using System.Net;

namespace EdgeGw.Configuration;

/// <summary>What only shows when sections are seen together.</summary>
internal static class ConfigChecks
{
    private static readonly Comparer<ConfigFault> ByPlace = Comparer<ConfigFault>.Create((a, b) => (a.Line, a.Column).CompareTo((b.Line, b.Column)));

    /// <summary>Adds the checks' findings and decides whether there is a configuration.</summary>
    public static ConfigResult Complete(ConfigResult bound, GatewayConfig config, ConfigOverrides overrides)
    {
        if (overrides.ControlOnly)
        {
            var needed = bound.Faults.Where(f => f.Path.Length == 0 || IsWithin(f, "listen") || IsWithin(f, "data_dir")).Order(ByPlace).ToArray();
            return bound with { Config = needed.Length == 0 ? config : null, Faults = needed, Warnings = [] };
        }
        var faults = new List<ConfigFault>(bound.Faults);
        var warnings = new List<ConfigFault>(bound.Warnings);
        // Where a section has faults of its own, defaults stand in for what is wrong, and comparing those would only confuse.
        if (!bound.Faults.Any(f => IsWithin(f, "listen")))
        {
            CheckListeners(bound, config.Listen, faults, warnings);
            CheckExposure(bound, config, faults, warnings);
            CheckLoops(bound, config, faults);
        }
        CheckCredentials(bound, config, warnings);
        CheckDowngrades(bound, config, faults);
        CheckPolicies(bound, config, faults);
        CheckEnvironments(bound, config, faults);
        return bound with
        {
            Config = faults.Count == 0 ? config : null,
            Faults = faults.Order(ByPlace).ToArray(),
            Warnings = warnings.Order(ByPlace).ToArray(),
            Notes = [.. bound.Notes, .. SharedUserNotes.Of(config.Identity.Jwt)],
        };
    }

    private static void CheckListeners(ConfigResult bound, ListenConfig listen, List<ConfigFault> faults, List<ConfigFault> warnings)
    {
        if (EndpointText.Collide(listen.Data, listen.Admin))
        {
            faults.Add(bound.At("listen.admin", $"{listen.Admin} collides with listen.data {listen.Data}: each listener needs a port of its own"));
        }
        if (!IPAddress.IsLoopback(listen.Admin.Address))
        {
            warnings.Add(bound.At("listen.admin", $"{listen.Admin} can be reached from outside: the admin API and metrics are plain HTTP behind one token"));
        }
    }

    private static void CheckExposure(ConfigResult bound, GatewayConfig config, List<ConfigFault> faults, List<ConfigFault> warnings)
    {
        if (!config.Identity.Anonymous || IPAddress.IsLoopback(config.Listen.Data.Address))
        {
            return;
        }
        var exposed = $"callers without a key are let in, and {config.Listen.Data} can be reached from outside";
        if (bound.AnonymousImplied)
        {
            faults.Add(bound.At("", $"{exposed}; write a configuration file with keys, or with identity.anonymous set to true"));
        }
        else
        {
            warnings.Add(bound.At("identity.anonymous", $"{exposed}: anyone who finds it spends on your provider keys"));
        }
    }

    private static void CheckDowngrades(ConfigResult bound, GatewayConfig config, List<ConfigFault> faults)
    {
        for (var i = 0; i < config.Budgets.Count; i++)
        {
            if (config.Budgets[i].Downgrade is { } target)
            {
                CheckTarget(bound, config, faults, $"budgets[{i}].at_limit.downgrade", target);
            }
        }
    }

    private static void CheckTarget(ConfigResult bound, GatewayConfig config, List<ConfigFault> faults, string path, string target)
    {
        // Where aliases or providers have faults of their own, they may only seem to be missing.
        if (!bound.Faults.Any(f => IsWithin(f, "models") || IsWithin(f, "providers"))
            && !config.Models.ContainsKey(target) && !(target.IndexOf('/') is > 0 and var slash && config.Providers.ContainsKey(target[..slash])))
        {
            faults.Add(bound.At(path, $"\"{target}\" is neither an alias of \"models\" nor a \"provider/model\" of a configured provider"));
        }
    }

    private static void CheckPolicies(ConfigResult bound, GatewayConfig config, List<ConfigFault> faults)
    {
        // Names of list entries with faults are missing, and indices would point at others.
        if (bound.Faults.Any(f => IsWithin(f, "policies")))
        {
            return;
        }
        for (var i = 0; i < config.Policies.Count; i++)
        {
            var policy = config.Policies[i];
            if (policy.Route is { } target)
            {
                CheckTarget(bound, config, faults, $"policies[{i}].route", target);
            }
            if (policy.Limits.Count > 0 && config.Limits.Any(limit => limit.Name == policy.Name))
            {
                faults.Add(bound.At($"policies[{i}].name", $"\"{policy.Name}\" is the name of a limit too, and a refusal must tell which it was: rename one"));
            }
            CheckPatterns($"policies[{i}].match.model", policy.Match?.Calls.Models);
            CheckPatterns($"policies[{i}].allow.models", policy.Allow?.Models);
            for (var j = 0; j < (policy.Match?.Except.Count ?? 0); j++)
            {
                CheckPatterns($"policies[{i}].match.except[{j}].model", policy.Match!.Except[j].Calls.Models);
            }
        }

        void CheckPatterns(string path, IReadOnlyList<string>? patterns)
        {
            for (var i = 0; i < (patterns?.Count ?? 0); i++)
            {
                if (config.Models.TryGetValue(patterns![i], out var target))
                {
                    faults.Add(bound.At($"{path}[{i}]", $"\"{patterns[i]}\" is an alias, and policies see what it stands for: write \"{target}\""));
                }
            }
        }
    }

    private static void CheckEnvironments(ConfigResult bound, GatewayConfig config, List<ConfigFault> faults)
    {
        if (config.Environment is not null)
        {
            return;
        }
        foreach (var (path, matches) in (ReadOnlySpan<(string, CallMatch?[])>)
            [
                ("budgets", [.. config.Budgets.Select(static each => each.Match)]), ("limits", [.. config.Limits.Select(static each => each.Match)]),
                ("policies", [.. config.Policies.Select(static each => each.Match?.Calls)]),
            ])
        {
            for (var i = 0; i < matches.Length; i++)
            {
                if (matches[i] is { Environments.Count: > 0 })
                {
                    faults.Add(bound.At($"{path}[{i}].match.environment", "asks where this node runs, and nothing says so: set \"environment\" at the top of the configuration"));
                }
            }
        }
    }

    private static void CheckLoops(ConfigResult bound, GatewayConfig config, List<ConfigFault> faults)
    {
        var data = config.Listen.Data;
        if (!IPAddress.IsLoopback(data.Address) && !EndpointText.IsAny(data.Address))
        {
            return;
        }
        foreach (var (name, provider) in config.Providers)
        {
            // An application's OPENAI_BASE_URL that points here, read by the gateway itself, would make it call itself without end.
            if (provider.BaseUrl is { IsLoopback: true } url && url.Port == data.Port)
            {
                faults.Add(bound.At($"providers.{name}.base_url", $"points back at this gateway ({data})"));
            }
        }
    }

    private static void CheckCredentials(ConfigResult bound, GatewayConfig config, List<ConfigFault> warnings)
    {
        if (config.Providers.Count == 0 && !bound.Faults.Any(f => IsWithin(f, "providers")))
        {
            warnings.Add(bound.At("", "no providers: every call will be refused"));
        }
        foreach (var (name, provider) in config.Providers)
        {
            var path = $"providers.{name}";
            // A base_url of one's own is mostly a local model, which asks for no key.
            if (provider is { ApiKey: null, Free: false, BaseUrl: null } && !config.Identity.Passthrough
                && !bound.Faults.Any(f => IsWithin(f, path)))
            {
                warnings.Add(bound.At(path, "has no \"api_key\", and identity.passthrough is off: calls go out without a credential"));
            }
        }
    }

    private static bool IsWithin(ConfigFault fault, string section) =>
        fault.Path.StartsWith(section, StringComparison.Ordinal)
        && (fault.Path.Length == section.Length || fault.Path[section.Length] is '.' or '[');
}
