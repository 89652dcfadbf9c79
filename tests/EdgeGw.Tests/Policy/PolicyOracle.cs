using System.Net;
using System.Text.RegularExpressions;
using EdgeGw.Configuration;
using EdgeGw.Policy;

namespace EdgeGw.Tests.Policy;

/// <summary>The semantics of docs/policies.md, written down once more with no thought of speed and no code of the product but its data.</summary>
internal static class PolicyOracle
{
    public static (PolicyResult Result, string? Rule, string? Route, string? Cap, string[] Shadows) Decide(
        IEnumerable<PolicyConfig> policies, PolicyCall call, bool isRouted)
    {
        var matching = policies.Where(policy => policy.Match is null || Matches(policy.Match, call)).OrderBy(policy => policy.Name, StringComparer.Ordinal).ToArray();
        var enforced = matching.Where(policy => !policy.Shadow).ToArray();
        var allows = enforced.Where(policy => policy.Effect == PolicyEffect.Allow).ToArray();
        var allowing = allows.Where(policy => Allows(policy.Allow!, call)).ToArray();
        var caps = enforced.Where(policy => policy.Require?.MaxOutput is not null && call.Request.Generates).OrderBy(policy => policy.Require!.MaxOutput).ToArray();
        var cap = call.Request.MaxOutput is null ? caps.FirstOrDefault()?.Name : null;
        var (result, rule, route) = Outcome();
        return (result, rule, route, cap, Shadows());

        (PolicyResult, string?, string?) Outcome()
        {
            if (enforced.FirstOrDefault(policy => policy.Effect == PolicyEffect.Deny) is { } deny)
            {
                return (PolicyResult.Denied, deny.Name, null);
            }
            if (!isRouted && call.Model is { Length: > 0 } && enforced.FirstOrDefault(policy => policy.Effect == PolicyEffect.Route) is { } to)
            {
                return (PolicyResult.Allowed, to.Name, to.Route);
            }
            if (allows.Length > 0 && allowing.Length == 0)
            {
                return (PolicyResult.NotAllowed, allows[0].Name, null);
            }
            if (enforced.FirstOrDefault(policy => policy.Require is { } require && require.Metadata.Any(label => Lacks(label, call))) is { } unlabelled)
            {
                return (PolicyResult.LabelMissing, unlabelled.Name, null);
            }
            if (call.Request.MaxOutput is { } asked && caps.Length > 0 && asked > caps[0].Require!.MaxOutput)
            {
                return (PolicyResult.OutputTooLong, caps[0].Name, null);
            }
            return (PolicyResult.Allowed, allowing.FirstOrDefault()?.Name, null);
        }

        string[] Shadows()
        {
            var shadows = matching.Where(policy => policy.Shadow).ToArray();
            var anyAllows = allowing.Length > 0 || shadows.Any(policy => policy.Allow is { } allow && Allows(allow, call));
            return [.. shadows.Select(policy => (policy.Name, Would: Would(policy))).Where(pair => pair.Would is not null).Select(pair => $"{pair.Name}: {pair.Would}")];

            string? Would(PolicyConfig policy) => Alone(policy) is var would && would == "would_refuse" && result != PolicyResult.Allowed ? null : would;

            string? Alone(PolicyConfig policy) => policy.Effect switch
            {
                PolicyEffect.Deny => "would_refuse",
                PolicyEffect.Route => "would_route",
                PolicyEffect.Allow when Allows(policy.Allow!, call) => "would_allow",
                PolicyEffect.Allow => anyAllows ? null : "would_refuse",
                _ => policy.Require!.Metadata.Any(label => Lacks(label, call))
                    || (call.Request.Generates && call.Request.MaxOutput > policy.Require.MaxOutput) ? "would_refuse" : null,
            };
        }
    }

    private static bool Matches(PolicyMatch match, PolicyCall call)
    {
        var caller = call.Principal;
        var calls = match.Calls;
        return In(calls.Users, caller.User) && In(calls.Emails, caller.Email) && In(calls.Services, caller.Service) && In(calls.Providers, call.Provider)
            && (calls.Keys.Count == 0 || In(calls.Keys, caller.KeyName) || In(calls.Keys, caller.KeyId))
            && (calls.Groups.Count == 0 || caller.Groups.Any(group => In(calls.Groups, group)))
            && IsModel(calls.Models, call)
            && calls.Metadata.All(pair => LabelOf(pair.Key, call) is { } own && Like(pair.Value, own))
            && match.Claims.All(pair => caller.Claims.TryGetValue(pair.Key, out var values) && values.Any(value => In(pair.Value, value)))
            && (match.Dialects.Count == 0 || match.Dialects.Contains(call.Dialect))
            && (match.Time is not { } time || IsTime(time, call.Time))
            && (match.Request is not { } request || Asks(request, call.Request))
            && (match.Networks.Count == 0 || (call.Source is { } source && match.Networks.Any(network => Covers(network, source))))
            && !match.Except.Any(exception => Matches(exception, call));
    }

    private static bool Asks(RequestMatch wanted, RequestFeatures request)
    {
        if (wanted.PromptBytesAbove is { } prompt && request.PromptBytes <= prompt)
        {
            return false;
        }
        var needsBody = wanted.Tools is not null || wanted.Images is not null || wanted.Stream is not null || wanted.MaxOutputAbove is not null;
        return !needsBody || (request.IsKnown
            && (wanted.Tools is null || wanted.Tools == request.Tools) && (wanted.Images is null || wanted.Images == request.Images)
            && (wanted.Stream is null || wanted.Stream == request.Stream)
            && (wanted.MaxOutputAbove is null || request.MaxOutput is null || request.MaxOutput > wanted.MaxOutputAbove));
    }

    /// <summary>Minute by minute of the local calendar, back to the last start of the span.</summary>
    private static bool IsTime(TimeMatch match, DateTimeOffset moment)
    {
        var local = moment.ToOffset(match.Zone.GetUtcOffset(moment)).DateTime;
        for (var back = 0; back < 2; back++)
        {
            var day = local.Date.AddDays(-back);
            var start = day + match.From;
            var end = match.From < match.To ? day + match.To : day.AddDays(1) + match.To;
            if (local >= start && local < end && (match.Days.Count == 0 || match.Days.Contains(day.DayOfWeek)))
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>Bit by bit.</summary>
    private static bool Covers(IPNetwork network, IPAddress source)
    {
        var address = (source.IsIPv4MappedToIPv6 ? source.MapToIPv4() : source).GetAddressBytes();
        var prefix = network.BaseAddress.GetAddressBytes();
        return address.Length == prefix.Length
            && Enumerable.Range(0, network.PrefixLength).All(bit => ((address[bit / 8] ^ prefix[bit / 8]) & (0x80 >> (bit % 8))) == 0);
    }

    private static bool Allows(ResourceMatch allow, PolicyCall call) =>
        IsModel(allow.Models, call) && In(allow.Providers, call.Provider) && (allow.Dialects.Count == 0 || allow.Dialects.Contains(call.Dialect));

    private static bool IsModel(IReadOnlyList<string> patterns, PolicyCall call) => patterns.Count == 0 || (call.Model is { Length: > 0 } model
        && patterns.Any(pattern => pattern.Split('/', 2) is [var provider, var name] ? Like(provider, call.Provider ?? "") && Like(name, model) : Like(pattern, model)));

    private static bool Lacks(string label, PolicyCall call) => LabelOf(label, call) is not { Length: > 0 };

    private static string? LabelOf(string name, PolicyCall call) =>
        call.Principal.Metadata.TryGetValue(name, out var own) ? own : call.Metadata.TryGetValue(name, out var sent) ? sent : null;

    private static bool In(IReadOnlyList<string> patterns, string? text) => patterns.Count == 0 || (text is not null && patterns.Any(pattern => Like(pattern, text)));

    private static bool Like(string pattern, string text) =>
        Regex.IsMatch(text, $"^{Regex.Escape(pattern).Replace(@"\*", ".*", StringComparison.Ordinal)}$", RegexOptions.IgnoreCase | RegexOptions.Singleline | RegexOptions.CultureInvariant);
}
