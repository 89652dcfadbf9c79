using EdgeGw.Configuration;

namespace EdgeGw.Upstream.Aws;

/// <summary>Keys of one profile of the shared credentials file. Read anew every few minutes, because other programs rotate it.</summary>
/// <remarks>Profiles that name a role, a process or a sign-in instead of keys are not followed.</remarks>
internal sealed class ProfileCredentials(AwsProfile profile) : IAwsCredentialFetcher
{
    public async Task<AwsCredentialsResult> FetchAsync(CancellationToken cancellation)
    {
        var (text, fault) = await SmallFile.ReadAsync(profile.File, cancellation);
        return text is null ? new(null, fault) : Parse(text);
    }

    private AwsCredentialsResult Parse(string text)
    {
        string? id = null, secret = null, token = null;
        var inside = false;
        foreach (var raw in text.Split('\n'))
        {
            var line = raw.Trim();
            if (line.StartsWith('['))
            {
                inside = line.TrimStart('[').Split(']', 2)[0].Trim() == profile.Profile;
            }
            else if (inside && !line.StartsWith('#') && !line.StartsWith(';') && line.IndexOf('=') is > 0 and var equals)
            {
                var value = line[(equals + 1)..].Trim();
                switch (line[..equals].Trim().ToLowerInvariant())
                {
                    case "aws_access_key_id":
                        id = value;
                        break;
                    case "aws_secret_access_key":
                        secret = value;
                        break;
                    case "aws_session_token":
                        token = value;
                        break;
                }
            }
        }
        return !string.IsNullOrEmpty(id) && !string.IsNullOrEmpty(secret)
            ? CredentialsJson.Sendable(new AwsCredentials(id, secret, token), profile.File)
            : new(null, $"{profile.File} has no keys of profile \"{profile.Profile}\"");
    }
}
