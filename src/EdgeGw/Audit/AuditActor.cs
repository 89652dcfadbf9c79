using EdgeGw.Identity;

namespace EdgeGw.Audit;

/// <summary>Callers as the log names them.</summary>
internal static class AuditActor
{
    /// <summary><c>user:ann</c>, <c>service:bot</c>, <c>service:bot for user:ann</c>; else the key's name; a caller that was not identified is <c>unknown</c>.</summary>
    public static string Of(Principal? caller)
    {
        var person = (caller?.User ?? caller?.Email) is { } name ? $"user:{name}" : null;
        return caller?.Service is { } service
            ? person is null ? $"service:{service}" : $"service:{service} for {person}"
            : person ?? ((caller?.KeyName ?? caller?.KeyId) is { } key ? $"key:{key}" : "unknown");
    }
}
