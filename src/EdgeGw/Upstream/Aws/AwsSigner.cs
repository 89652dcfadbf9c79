using System.Globalization;

namespace EdgeGw.Upstream.Aws;

/// <summary>Signs the requests to one AWS endpoint. What it signs, both transports send as it stands.</summary>
/// <param name="origin">Its host is signed.</param>
public sealed class AwsSigner(Uri origin, string region, string service, AwsCredentialSource source)
{
    private readonly string _host = HostField.Of(origin);
    private volatile DayKey? _day;

    /// <summary>What <see cref="Sign"/> takes; fetched before anything is held for the call.</summary>
    public ValueTask<AwsCredentialsResult> FindCredentialsAsync(CancellationToken cancellation) => source.GetAsync(cancellation);

    /// <summary>Adds the signature to a request that is otherwise complete: no signed header, no byte of target and body may change after it.</summary>
    public void Sign(UpstreamRequest request, AwsCredentials credentials, DateTimeOffset now)
    {
        var time = now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        var day = DayOf(credentials, time.AsSpan(0, 8));
        var payloadHash = SigV4.HashOf(request.Body);

        // In the order of their names, as they are signed.
        var signed = new KeyValuePair<string, string>[5];
        var count = 0;
        if (ContentType(request) is { } contentType)
        {
            signed[count++] = new("content-type", contentType);
        }
        signed[count++] = new("host", _host);
        signed[count++] = new("x-amz-content-sha256", payloadHash);
        signed[count++] = new("x-amz-date", time);
        if (credentials.SessionToken is { } token)
        {
            signed[count++] = new("x-amz-security-token", token);
        }
        foreach (var header in signed.AsSpan(0, count))
        {
            if (header.Key[0] == 'x')
            {
                request.Headers.Add(header);
            }
        }
        request.Headers.Add(new("Authorization", SigV4.Authorization(
            request.Method, request.Target, signed.AsSpan(0, count), payloadHash, time, day.Scope, credentials.AccessKeyId, day.Key)));
    }

    /// <summary>Null also where it cannot be relied on: without a body it may not be sent, twice it is not one value.</summary>
    private static string? ContentType(UpstreamRequest request)
    {
        string? found = null;
        foreach (var (name, value) in request.Headers)
        {
            if (name.Equals("Content-Type", StringComparison.OrdinalIgnoreCase))
            {
                if (found is not null)
                {
                    return null;
                }
                found = value;
            }
        }
        return request.Body.Count > 0 ? found : null;
    }

    private DayKey DayOf(AwsCredentials credentials, ReadOnlySpan<char> date)
    {
        var day = _day;
        if (day is null || !ReferenceEquals(day.Credentials, credentials) || !date.SequenceEqual(day.Scope.AsSpan(0, 8)))
        {
            day = new DayKey(credentials, $"{date}/{region}/{service}/aws4_request", SigningKey.Derive(credentials.SecretAccessKey, date, region, service));
            _day = day;
        }
        return day;
    }

    /// <summary>What stays the same for all requests of a day.</summary>
    private sealed class DayKey(AwsCredentials credentials, string scope, byte[] key)
    {
        public AwsCredentials Credentials { get; } = credentials;

        public string Scope { get; } = scope;

        public byte[] Key { get; } = key;
    }
}
