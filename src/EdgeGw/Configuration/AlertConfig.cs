using System.Text;

namespace EdgeGw.Configuration;

/// <summary>Who is told, beside the log and the metrics, when something happens that an operator should know.</summary>
public sealed record AlertConfig
{
    public IReadOnlyList<WebhookConfig> Webhooks { get; init; } = [];
}

/// <summary>An address that gets events by signed POST.</summary>
public sealed record WebhookConfig
{
    /// <summary>HTTPS, or HTTP to a loopback or private address. Its path and query may hold a secret.</summary>
    public required Uri Url { get; init; }

    /// <summary>What the signature is made with, as <see cref="WebhookSecret"/> reads it.</summary>
    public required string Secret { get; init; }

    /// <summary>The kinds of event that are sent; empty: all.</summary>
    public IReadOnlyList<AlertKind> Events { get; init; } = [];

    /// <summary>Scheme, host and port: what may be shown.</summary>
    public string Name => Url.GetLeftPart(UriPartial.Authority);

    public bool Wants(AlertKind kind) => Events.Count == 0 || Events.Contains(kind);

    // The generated ToString would print the secrets into the first log line that mentions a configuration.
    private bool PrintMembers(StringBuilder text)
    {
        text.Append("Url = ").Append(Name).Append("/***, Secret = ***, Events = ").AppendJoin(' ', Events);
        return true;
    }
}

/// <summary>The kinds of event that a webhook can ask for.</summary>
public enum AlertKind : byte
{
    /// <summary>A budget reached one of its thresholds.</summary>
    Budget,
    /// <summary>Spending ran away from its own baseline.</summary>
    Velocity,
}
