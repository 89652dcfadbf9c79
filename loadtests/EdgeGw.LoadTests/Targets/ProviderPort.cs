using System.Net;
using EdgeGw.LoadTests.Client;
using EdgeGw.LoadTests.Provider;

namespace EdgeGw.LoadTests.Targets;

/// <summary>One target's ports of the fake provider's process.</summary>
internal sealed record ProviderPort(IPEndPoint Plain, IPEndPoint Tls)
{
    /// <summary>What it has answered so far.</summary>
    /// <exception cref="InvalidOperationException">The provider does not answer.</exception>
    public ProviderTruth Truth() =>
        ProviderTruth.Parse(LabConnection.Get(Plain, "/lab/counts") ?? throw new InvalidOperationException("the fake provider does not answer"));
}
