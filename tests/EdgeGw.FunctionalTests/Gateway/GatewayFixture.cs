using EdgeGw.FunctionalTests.Providers;

namespace EdgeGw.FunctionalTests.Gateway;

/// <summary>One gateway in front of one fake provider, for the many tests that need nothing special. Callers are anonymous.</summary>
public sealed class GatewayFixture : IAsyncLifetime
{
    public FakeProvider Provider { get; private set; } = null!;

    public EdgeGwProcess Gateway { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Provider = await FakeProvider.StartAsync();
        Gateway = await EdgeGwProcess.StartAsync(GatewayConfig.For(Provider));
    }

    public async Task DisposeAsync()
    {
        // Null where the gateway did not start: that failure is the one to be seen.
        if (Gateway is not null)
        {
            await Gateway.DisposeAsync();
        }
        await Provider.DisposeAsync();
        Assert.Empty(Provider.Ledger.Violations);
    }
}

/// <summary>Test classes that share <see cref="GatewayFixture"/>.</summary>
[CollectionDefinition(Name)]
public sealed class SharedGateway : ICollectionFixture<GatewayFixture>
{
    public const string Name = "shared gateway";
}
