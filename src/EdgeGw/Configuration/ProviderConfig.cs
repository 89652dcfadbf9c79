using System.Text;
using EdgeGw.Pricing;

namespace EdgeGw.Configuration;

/// <summary>One provider: a kind of the built-in table, with what is ours about it.</summary>
public sealed record ProviderConfig
{
    /// <summary>A row of the provider table (<c>openai</c>, <c>anthropic</c>, ...); defaults to the provider's own name.</summary>
    public required string Kind { get; init; }

    /// <summary>As the SDK takes it, including a version segment such as <c>/v1</c>; null: the kind's own.</summary>
    public Uri? BaseUrl { get; init; }

    /// <summary>The credential sent upstream; null: the caller's own, where <c>identity.passthrough</c> allows it.</summary>
    public string? ApiKey { get; init; }

    /// <summary>Requests are signed for AWS instead of carrying a key; null: they are not.</summary>
    public AwsConfig? Aws { get; init; }

    /// <summary>The provider costs nothing (a local model): every answer is priced at zero, and no dollar budget blocks it.</summary>
    public bool Free { get; init; }

    /// <summary>
    /// A factor on the list prices of tokens, for what only the endpoint tells: a region that costs a tenth more, a reseller's discount. Contract
    /// prices, fees and costs that the provider reports are as they are.
    /// </summary>
    public Multiplier PriceFactor { get; init; } = Multiplier.One;

    /// <summary>Called over HTTP/2 instead of HTTP/1.1.</summary>
    public bool Http2 { get; init; }

    // The generated ToString would print the credential into the first log line that mentions a configuration.
    private bool PrintMembers(StringBuilder text)
    {
        text.Append("Kind = ").Append(Kind).Append(", BaseUrl = ").Append(BaseUrl).Append(", ApiKey = ").Append(ApiKey is null ? "none" : "***")
            .Append(", Aws = ").Append(Aws?.Credentials.Source)
            .Append(", Free = ").Append(Free).Append(", PriceFactor = ").Append(PriceFactor).Append(", Http2 = ").Append(Http2);
        return true;
    }
}
