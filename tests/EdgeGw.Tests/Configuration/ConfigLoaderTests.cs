using System.Net;
using EdgeGw.Configuration;
using EdgeGw.Pricing;

namespace EdgeGw.Tests.Configuration;

public sealed class ConfigLoaderTests
{
    /// <summary>The contract's own example, restricted to what this version has.</summary>
    public const string Example = """
        {
          "listen":   { "data": "0.0.0.0:8080", "admin": "127.0.0.1:9090", "tls": { "certificate": "tls/cert.pem", "key": "tls/key.pem" } },
          "data_dir": "/var/lib/edgegw",
          "durability": "strict",                                        // or "overlapped", "relaxed"
          "providers": {                                                 /* built-in names know their URL */
            "openai":    { "api_key": "${OPENAI_API_KEY}" },
            "anthropic": { "api_key": "${ANTHROPIC_API_KEY:-sk-ant-default}" },
            "acme-azure":{ "kind": "azure-openai", "base_url": "https://acme.openai.azure.com", "api_key": "${AZURE_OPENAI_API_KEY}" },
            "local":     { "kind": "openai", "base_url": "http://127.0.0.1:8000/v1", "pricing": "free" },
          },
          "models": { "fast": "openai/gpt-4o-mini" },
          "identity": {
            "anonymous": false,
            "passthrough": true,
            "keys": [ { "name": "ci-bot", "hash": "0123456789ABCDEF0123456789abcdef0123456789abcdef0123456789abcdef", "service": "ci-bot",
                        "groups": ["automation"], "metadata": { "team": "platform" } } ],
          },
          "budgets": [
            { "name": "company", "amount_usd": 20000, "window": "month", "timezone": "Europe/Berlin" },
            { "name": "bots", "per": ["key"], "amount_usd": "0.000000001", "window": "day" },
          ],
          "pricing": { "unpriced": "ceiling", "ceiling_per_million": 200, "overrides": [ { "model": "openai/gpt-4o*", "input": "2.10", "output": 8.40, "cached_input": "1.05", "cache_write": 0 } ] },
          "abort":   { "policy": "cancel", "max_seconds": 31, "max_concurrent": 201 },
          "timeouts": { "connect": "3s", "first_byte": "1m30s", "idle": "500ms", "total": "2h", "shutdown": "0s" },
          "requests": { "max_body": "16MiB", "max_header": 8192, "assumed_max_output": 4096, "clamp_output": true },
          "log":     { "requests": "./requests.jsonl", "payloads": "off" },
        }
        """;

    [Fact]
    public void Example_of_the_contract_binds_every_name()
    {
        var config = ConfigFixture.LoadGood(Example, ("OPENAI_API_KEY", "sk-1"), ("AZURE_OPENAI_API_KEY", "az"));

        Assert.Equal(new IPEndPoint(IPAddress.Any, 8080), config.Listen.Data);
        Assert.Equal(new IPEndPoint(IPAddress.Loopback, 9090), config.Listen.Admin);
        Assert.Equal(new TlsConfig("/etc/edgegw/tls/cert.pem", "/etc/edgegw/tls/key.pem"), config.Listen.Tls);
        Assert.Equal("/var/lib/edgegw", config.DataDirectory);
        Assert.Equal(Durability.Strict, config.Durability);
        Assert.Equal(new ProviderConfig { Kind = "openai", ApiKey = "sk-1" }, config.Providers["openai"]);
        Assert.Equal("sk-ant-default", config.Providers["anthropic"].ApiKey);
        Assert.Equal(
            new ProviderConfig { Kind = "azure-openai", BaseUrl = new Uri("https://acme.openai.azure.com"), ApiKey = "az" }, config.Providers["acme-azure"]);
        Assert.Equal(new ProviderConfig { Kind = "openai", BaseUrl = new Uri("http://127.0.0.1:8000/v1"), Free = true }, config.Providers["local"]);
        Assert.Equal("openai/gpt-4o-mini", config.Models["fast"]);
        Assert.False(config.Identity.Anonymous);
        Assert.True(config.Identity.Passthrough);
        var key = Assert.Single(config.Identity.Keys);
        Assert.Equal(("ci-bot", ConfigFixture.Hash, "ci-bot"), (key.Name, key.Hash, key.Service));
        Assert.Equal(["automation"], key.Groups);
        Assert.Equal("platform", key.Metadata["team"]);
        Assert.Equal(2, config.Budgets.Count);
        Assert.Equal(("company", new NanoUsd(20_000_000_000_000), WindowKind.Month, "Europe/Berlin"),
            (config.Budgets[0].Name, config.Budgets[0].Amount, config.Budgets[0].Window.Kind, config.Budgets[0].Window.Zone.Id));
        Assert.Equal((new NanoUsd(1), BudgetWindow.Day), (config.Budgets[1].Amount, config.Budgets[1].Window));
        Assert.Equal([CallDimension.Key], config.Budgets[1].Per);
        Assert.Equal((UnpricedPolicy.Ceiling, 200m), (config.Pricing.Unpriced, config.Pricing.CeilingPerMillion));
        Assert.Equal(new PriceOverride("openai/gpt-4o*", 2.10m, 8.40m) { CachedInput = 1.05m, CacheWrite = 0m }, Assert.Single(config.Pricing.Overrides));
        Assert.Equal(new AbortConfig { Policy = AbortPolicy.Cancel, MaxDuration = TimeSpan.FromSeconds(31), MaxConcurrent = 201 }, config.Abort);
        Assert.Equal(
            new TimeoutConfig
            {
                Connect = TimeSpan.FromSeconds(3),
                FirstByte = TimeSpan.FromSeconds(90),
                Idle = TimeSpan.FromMilliseconds(500),
                Total = TimeSpan.FromHours(2),
                Shutdown = TimeSpan.Zero,
            },
            config.Timeouts);
        Assert.Equal(new RequestConfig { MaxBodyBytes = 16 << 20, MaxHeaderBytes = 8192, AssumedMaxOutput = 4096, ClampOutput = true }, config.Requests);
        Assert.Equal("/etc/edgegw/requests.jsonl", config.Log.Requests);
    }

    [Fact]
    public void Empty_object_takes_every_default()
    {
        var config = ConfigFixture.LoadGood("{}");

        Assert.Equal("/home/u/.local/state/edgegw", config.DataDirectory);
        Assert.Equal(new ListenConfig(), config.Listen);
        Assert.Equal(new TimeoutConfig(), config.Timeouts);
        Assert.Equal(new RequestConfig(), config.Requests);
        Assert.Equal(new AbortConfig(), config.Abort);
        Assert.Equal(new LogConfig(), config.Log);
        Assert.False(config.Identity.Anonymous);
    }

    [Fact]
    public void Byte_order_mark_is_skipped_and_columns_count_characters()
    {
        Assert.Empty(ConfigFixture.Load("\uFEFF{}").Faults);
        Assert.Equal(["1:15: durability: must be a string"], ConfigFixture.FaultsOf("\uFEFF{\"durability\":5}"));
        var (json, place) = ConfigFixture.TakeMark("{ /* ü😀 */ ¶\"listten\": {} }");
        Assert.Equal([$"{place}: listten: unknown name in the configuration; did you mean \"listen\"?"], ConfigFixture.FaultsOf(json));
    }

    [Fact]
    public void Missing_file_is_a_fault_without_a_line()
    {
        var result = ConfigLoader.LoadFile("/nonexistent/edgegw.json", new FakeEnvironment(), ConfigFixture.Providers);

        Assert.Null(result.Config);
        Assert.Equal("/nonexistent/edgegw.json: there is no such file", Assert.Single(result.Faults).ToString());
    }

    [Fact]
    public void Folder_in_place_of_a_file_is_a_fault() =>
        Assert.Contains("folder", Assert.Single(ConfigLoader.LoadFile(Path.GetTempPath(), new FakeEnvironment(), ConfigFixture.Providers).Faults).Message);

    [Fact]
    public void Secrets_are_not_in_the_configuration_as_text()
    {
        var config = ConfigFixture.LoadGood(Example, ("OPENAI_API_KEY", "sk-topsecret"), ("AZURE_OPENAI_API_KEY", "az-topsecret"));

        Assert.DoesNotContain("topsecret", config.Providers["openai"].ToString());
        Assert.DoesNotContain("topsecret", config.ToString());
        Assert.DoesNotContain(ConfigFixture.Hash, config.Identity.Keys[0].ToString());
    }

    [Fact]
    public void Overrides_are_applied_before_the_checks()
    {
        var overrides = new ConfigOverrides { Data = new IPEndPoint(IPAddress.Loopback, 9090), DataDirectory = "/tmp/d" };
        var result = ConfigLoader.Load("{}"u8, "e.json", new FakeEnvironment(), ConfigFixture.Providers, overrides);

        Assert.Contains("collides", Assert.Single(result.Faults).Message);
        var fine = ConfigLoader.Load("{}"u8, "e.json", new FakeEnvironment(), ConfigFixture.Providers, overrides with { Data = new(IPAddress.Any, 80) });
        Assert.Equal(("/tmp/d", 80), (fine.Config!.DataDirectory, fine.Config.Listen.Data.Port));
    }

    [Fact]
    public void Control_only_looks_past_faults_of_other_sections()
    {
        var json = """{ "data_dir": "/d", "providers": { "openai": { "api_key": "${UNSET}" } } }"""u8;

        Assert.Null(ConfigLoader.Load(json, "e.json", new FakeEnvironment(), ConfigFixture.Providers).Config);
        var control = ConfigLoader.Load(json, "e.json", new FakeEnvironment(), ConfigFixture.Providers, new ConfigOverrides { ControlOnly = true });
        Assert.Equal("/d", control.Config!.DataDirectory);
        Assert.NotEmpty(ConfigLoader.Load("""{ "data_dir": "${UNSET}" }"""u8, "e.json", new FakeEnvironment(), ConfigFixture.Providers,
            new ConfigOverrides { ControlOnly = true }).Faults);
    }
}
