using System.Text;

namespace EdgeGw.Configuration;

/// <summary>Where the groups of an Entra ID user are asked for whose token leaves them out, and as which application.</summary>
/// <param name="GroupsEndpoint">An address with <see cref="UserHole"/> where the user's object id goes.</param>
/// <param name="TokenEndpoint">Where the application gets its access token.</param>
public sealed record GraphConfig(string ClientId, string ClientSecret, string GroupsEndpoint, Uri TokenEndpoint)
{
    public const string UserHole = "{oid}";

    // The generated ToString would print the secret into the first log line that mentions a configuration.
    private bool PrintMembers(StringBuilder text)
    {
        text.Append("ClientId = ").Append(ClientId).Append(", ClientSecret = ***");
        return true;
    }
}
