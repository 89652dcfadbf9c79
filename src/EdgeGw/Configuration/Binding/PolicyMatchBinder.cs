using System.Collections.Frozen;
using System.Globalization;
using System.Net;
using EdgeGw.Configuration.Reading;
using EdgeGw.Metering;
using EdgeGw.Telemetry;

namespace EdgeGw.Configuration.Binding;

/// <summary>The <c>match</c> of a policy: that of a budget, and what only policies ask.</summary>
internal static class PolicyMatchBinder
{
    private static readonly (string, Dialect)[] KnownDialects = [.. Enum.GetValues<Dialect>().Select(static dialect => (WireNames.Of(dialect), dialect))];

    /// <summary>Null, with the fault reported, when it is no match or matches on nothing.</summary>
    public static PolicyMatch? Bind(ConfigValue? value)
    {
        if (value is null || ObjectReader.Open(value, Shapes.PolicyMatch) is not { } reader)
        {
            return null;
        }
        if (value.Node.Members.Count == 0)
        {
            value.Fault("matches on nothing: name what it is for, or leave it out");
            return null;
        }
        return Read(reader, CallMatchBinder.Read(reader)) with { Except = Exceptions(reader.Optional("except")) };
    }

    private static PolicyMatch Read(ObjectReader reader, CallMatch calls) =>
        new()
        {
            Calls = calls,
            Claims = Claims(reader.Optional("claims")),
            Dialects = Dialects(reader.Optional("dialects")),
            Time = Time(reader.Optional("time")),
            Request = Request(reader.Optional("request")),
            Networks = Networks(reader.Optional("networks")),
        };

    private static List<PolicyMatch> Exceptions(ConfigValue? value)
    {
        var exceptions = new List<PolicyMatch>();
        foreach (var item in value?.Items() ?? [])
        {
            if (ObjectReader.Open(item, Shapes.Exception) is not { } reader)
            {
                continue;
            }
            if (item.Node.Members.Count == 0)
            {
                item.Fault("excepts everything: name what the policy is not for");
            }
            exceptions.Add(Read(reader, CallMatchBinder.ReadCalls(reader)));
        }
        if (value is { Node.Kind: ConfigNodeKind.Array, Node.Items.Count: 0 })
        {
            value.Fault("is empty: name what the policy is not for, or leave it out");
        }
        return exceptions;
    }

    public static List<Dialect> Dialects(ConfigValue? value)
    {
        var dialects = new List<Dialect>();
        foreach (var item in value?.Items() ?? [])
        {
            if (item.OneOf("dialect", KnownDialects) is { } dialect)
            {
                dialects.Add(dialect);
            }
        }
        MatchBinder.CheckNotEmpty(value);
        return dialects;
    }

    private static FrozenDictionary<string, IReadOnlyList<string>> Claims(ConfigValue? value)
    {
        var claims = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        if (value is not null && ObjectReader.Open(value, Shapes.Claims) is { } reader)
        {
            foreach (var (name, wanted) in reader.Values)
            {
                claims[name] = wanted.Node.Kind == ConfigNodeKind.Array ? MatchBinder.Texts(wanted) : wanted.NonEmptyText() is { } one ? [one] : [];
            }
        }
        return claims.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private static TimeMatch? Time(ConfigValue? value)
    {
        if (value is null || ObjectReader.Open(value, Shapes.Time) is not { } reader)
        {
            return null;
        }
        var zone = BudgetWindowBinder.Zone(reader.Optional("zone"));
        var days = new List<DayOfWeek>();
        foreach (var item in reader.Optional("days")?.Items() ?? [])
        {
            if (item.OneOf("day", BudgetWindowBinder.Weekdays) is { } day)
            {
                days.Add(day);
            }
        }
        MatchBinder.CheckNotEmpty(reader.Optional("days"));
        var from = reader.Optional("from") is { } start ? Clock(start) : TimeSpan.Zero;
        var to = reader.Optional("to") is { } end ? Clock(end, orMidnight: true) : TimeSpan.FromDays(1);
        if (from == to && from is not null)
        {
            value.Fault("\"from\" and \"to\" are the same, which is no time at all: leave both out for the whole day");
        }
        if (value.Node.Members.Count == 0)
        {
            value.Fault("says no time: name days, from or to");
        }
        return from is { } begin && to is { } stop ? new TimeMatch { Zone = zone, Days = days, From = begin, To = stop } : null;
    }

    private static TimeSpan? Clock(ConfigValue value, bool orMidnight = false)
    {
        if (value.Text() is not { } text)
        {
            return null;
        }
        if (TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time))
        {
            return time.ToTimeSpan();
        }
        if (orMidnight && text == "24:00")
        {
            return TimeSpan.FromDays(1);
        }
        value.Fault($"{value.Shown} is no time of day; write it like \"08:30\" or \"22:00\"");
        return null;
    }

    private static RequestMatch? Request(ConfigValue? value)
    {
        if (value is null || ObjectReader.Open(value, Shapes.RequestMatch) is not { } reader)
        {
            return null;
        }
        if (value.Node.Members.Count == 0)
        {
            value.Fault("asks for nothing: name tools, images, stream, max_output_above or prompt_bytes_above");
        }
        return new RequestMatch
        {
            Tools = reader.Optional("tools")?.Boolean(),
            Images = reader.Optional("images")?.Boolean(),
            Stream = reader.Optional("stream")?.Boolean(),
            MaxOutputAbove = reader.Optional("max_output_above")?.Integer(0, int.MaxValue),
            PromptBytesAbove = reader.Optional("prompt_bytes_above")?.ByteSize(0, int.MaxValue),
        };
    }

    private static List<IPNetwork> Networks(ConfigValue? value)
    {
        var networks = new List<IPNetwork>();
        foreach (var item in value?.Items() ?? [])
        {
            if (item.Text() is not { } text)
            {
                continue;
            }
            var slash = text.IndexOf('/');
            if (IPAddress.TryParse(text, out var address))
            {
                text = $"{text}/{(address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork ? 32 : 128)}";
            }
            // Newer runtimes drop bits beyond the prefix in silence, but they mean that one of the two is a slip.
            else if (slash < 0 || !IPAddress.TryParse(text.AsSpan(0, slash), out address))
            {
                text = "";
            }
            if (!IPNetwork.TryParse(text, out var network) || !network.BaseAddress.Equals(address))
            {
                item.Fault($"{item.Shown} is no network; write it like \"10.0.0.0/8\" or \"2001:db8::/32\", with no bits set beyond the prefix");
            }
            else if (network.BaseAddress.IsIPv4MappedToIPv6)
            {
                item.Fault($"{item.Shown} is an IPv4 network in IPv6 clothes, and callers' addresses are compared without: write it as IPv4");
            }
            else
            {
                networks.Add(network);
            }
        }
        MatchBinder.CheckNotEmpty(value);
        return networks;
    }
}
