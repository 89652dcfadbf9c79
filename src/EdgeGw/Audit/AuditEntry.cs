using System.Text.Json;

namespace EdgeGw.Audit;

/// <summary>Something to be remembered: who did what to what, and how it ended. Holds no secret.</summary>
/// <param name="actor">Such as <c>token:5f2a90c1</c> (an admin token's fingerprint), <c>local:root</c>, <c>user:ann</c> or <c>gateway</c>.</param>
/// <param name="action">Dotted, such as <c>key.create</c>; the list is in docs/audit.md.</param>
/// <param name="target">What was acted on: a key's id, a budget's scope, a rule's name.</param>
public sealed class AuditEntry(string actor, string action, string target)
{
    /// <summary>What the gateway does by itself.</summary>
    public const string Gateway = "gateway";

    public string Actor { get; } = actor;
    public string Action { get; } = action;
    public string Target { get; } = target;

    /// <summary><c>ok</c>, or the error's code.</summary>
    public string Result { get; init; } = "ok";

    /// <summary>The address that it came from; null: none.</summary>
    public string? Remote { get; init; }

    /// <summary>How many times it happened since the line before of the same kind, at least 1.</summary>
    public long Count { get; init; } = 1;

    /// <summary>Writes one JSON value: what was there. Null: nothing to say.</summary>
    public Action<Utf8JsonWriter>? Before { get; init; }

    /// <summary>Writes one JSON value: what is there now. Null: nothing to say.</summary>
    public Action<Utf8JsonWriter>? After { get; init; }
}
