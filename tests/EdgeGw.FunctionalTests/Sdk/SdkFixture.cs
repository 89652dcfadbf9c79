using EdgeGw.FunctionalTests.Gateway;
using EdgeGw.FunctionalTests.Providers;

namespace EdgeGw.FunctionalTests.Sdk;

/// <summary>The same provider twice: one called directly, one behind a gateway that asks for a virtual key.</summary>
public sealed class SdkFixture : IAsyncLifetime
{
    private EdgeGwProcess? _gateway;

    public FakeProvider DirectProvider { get; private set; } = null!;

    public FakeProvider Provider { get; private set; } = null!;

    internal SdkTarget Direct => SdkTarget.Direct(DirectProvider.BaseUrl);

    internal SdkTarget Through { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        DirectProvider = await FakeProvider.StartAsync();
        Provider = await FakeProvider.StartAsync();
        var config = GatewayConfig.For(Provider);
        config["identity"]!["anonymous"] = false;
        _gateway = await EdgeGwProcess.StartAsync(config);
        Through = SdkTarget.Through(_gateway.Data, await _gateway.AdminApi.CreateKeyAsync("sdk"));
    }

    public async Task DisposeAsync()
    {
        // Null where the gateway did not start: that failure is the one to be seen.
        if (_gateway is not null)
        {
            await _gateway.DisposeAsync();
        }
        await Provider.DisposeAsync();
        await DirectProvider.DisposeAsync();
        Assert.Empty(Provider.Ledger.Violations);
    }
}
