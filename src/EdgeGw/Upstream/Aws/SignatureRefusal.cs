using System.Globalization;

namespace EdgeGw.Upstream.Aws;

/// <summary>AWS's answers that say a signature or its credentials are wrong: the operator's business, not the caller's.</summary>
internal static class SignatureRefusal
{
    /// <summary>What to look at; null: another refusal, such as a missing permission.</summary>
    /// <param name="errorType">The answer's <c>x-amzn-errortype</c>, which may go on with a colon and an address.</param>
    /// <param name="date">The answer's <c>Date</c>: AWS's clock.</param>
    public static string? HintOf(ReadOnlySpan<char> errorType, string? date, DateTimeOffset now) => TypeOf(errorType) switch
    {
        "InvalidSignatureException" or "SignatureDoesNotMatch" or "RequestTimeTooSkewed" or "RequestExpired" =>
            $"check this machine's clock{Skew(date, now)}, the secret key and the region",
        "ExpiredTokenException" or "UnrecognizedClientException" or "InvalidClientTokenId" => "the credentials are expired or unknown",
        _ => null,
    };

    /// <summary>The name alone.</summary>
    public static ReadOnlySpan<char> TypeOf(ReadOnlySpan<char> errorType) => errorType.IndexOf(':') is >= 0 and var colon ? errorType[..colon] : errorType;

    private static string Skew(string? date, DateTimeOffset now) =>
        DateTimeOffset.TryParseExact(date, "r", CultureInfo.InvariantCulture, DateTimeStyles.None, out var theirs)
            ? string.Create(CultureInfo.InvariantCulture, $" ({(now - theirs).TotalSeconds:+0;-0;0} s from AWS's)")
            : "";
}
