using EdgeGw.Configuration;
using EdgeGw.Configuration.Changes;

namespace EdgeGw.Tests.Configuration;

public sealed class ConfigChangesTests
{
    private const string Jwt = "identity.jwt.https://idp.example";

    private const string Full = """
        {
          "listen": { "data": "127.0.0.1:1", "admin": "127.0.0.1:2" }, "data_dir": "/d", "durability": "overlapped",
          "providers": {
            "openai": { "api_key": "key-1", "price_factor": "1.1" },
            "azure": { "kind": "azure-openai", "base_url": "https://a.example", "api_key": "key-2" },
            "bedrock": { "region": "eu-central-1", "access_key_id": "AKIA", "secret_access_key": "s3cret" } },
          "models": { "fast": "openai/gpt-4o-mini" },
          "identity": { "anonymous": false, "keys": [ { "name": "bot", "hash": "HASH", "groups": ["a", "b"], "metadata": { "team": "core" } } ],
            "jwt": [ { "preset": "okta", "issuer": "https://idp.example", "audience": ["aud-1"], "algorithms": ["RS512"], "header": "X-T", "jwks_uri": "https://idp.example/k1",
              "claims": { "user": "c-user", "email": "c-email", "groups": "c-groups", "service": "c-service", "metadata": { "m": "c-meta" }, "custom": { "x": "c-custom" } },
              "groups": { "prefix": "p-", "rename": { "r1": "r2" } }, "require": { "hd": ["acme.com"] } } ] },
          "budgets": [
            { "name": "one", "amount_usd": 5, "window": "month" },
            { "name": "two", "match": { "user": ["u"], "email": ["*@e"], "groups": ["g"], "service": ["s"], "key": ["k"], "model": ["m*"], "provider": ["openai"],
              "metadata": { "team": "x" } }, "per": ["key", "metadata.team"], "amount_usd": { "default": 1, "groups": { "g": 2 } }, "window": "week" } ],
          "pricing": { "unpriced": "ceiling", "files": ["p.json"], "custom_cost": { "groups": ["finance"] }, "show_prices": { "key": ["buyer"] },
            "overrides": [ { "model": "openai/x", "input": 1, "output": 2, "fees": { "image": "0.1" }, "match": { "groups": ["g"] } } ] },
          "abort": { "policy": "drain" }, "timeouts": { "total": "1h" }, "requests": { "max_body": "1MiB" }, "log": { "requests": "off" }, "audit": { "keep": "300d" },
          "policies": [ { "name": "p1", "match": { "groups": ["gg"] }, "allow": { "models": ["openai/*"] } } ]
        }
        """;

    [Fact]
    public void The_same_file_loaded_twice_has_no_changes() => Assert.True(ConfigChanges.Between(Load(Full), Load(Full)).IsNone);

    [Theory]
    [InlineData("127.0.0.1:1", "127.0.0.1:3", "listen")]
    [InlineData("\"/d\"", "\"/e\"", "data_dir")]
    [InlineData("overlapped", "strict", "durability")]
    [InlineData("key-1", "key-9", "providers.openai")]
    [InlineData("1.1", "1.2", "providers.openai")]
    [InlineData("https://a.example", "https://b.example", "providers.azure")]
    [InlineData("s3cret", "s3cret2", "providers.bedrock")]
    [InlineData("gpt-4o-mini", "gpt-4o", "models.fast")]
    [InlineData("false", "true", "identity.anonymous")]
    [InlineData("[\"a\", \"b\"]", "[\"a\"]", "identity.keys.bot")]
    [InlineData("\"core\"", "\"edge\"", "identity.keys.bot")]
    [InlineData("\"okta\"", "\"keycloak\"", Jwt)]
    [InlineData("aud-1", "aud-2", Jwt)]
    [InlineData("RS512", "ES512", Jwt)]
    [InlineData("X-T", "X-U", Jwt)]
    [InlineData("/k1", "/k2", Jwt)]
    [InlineData("c-user", "d-user", Jwt)]
    [InlineData("c-email", "d-email", Jwt)]
    [InlineData("c-groups", "d-groups", Jwt)]
    [InlineData("c-service", "d-service", Jwt)]
    [InlineData("c-meta", "d-meta", Jwt)]
    [InlineData("c-custom", "d-custom", Jwt)]
    [InlineData("p-", "q-", Jwt)]
    [InlineData("\"r2\"", "\"r3\"", Jwt)]
    [InlineData("acme.com", "acme.org", Jwt)]
    [InlineData("\"amount_usd\": 5", "\"amount_usd\": 6", "budgets.one")]
    [InlineData("\"u\"", "\"v\"", "budgets.two")]
    [InlineData("*@e", "*@f", "budgets.two")]
    [InlineData("\"groups\": [\"g\"], \"service\"", "\"groups\": [\"h\"], \"service\"", "budgets.two")]
    [InlineData("[\"s\"]", "[\"t\"]", "budgets.two")]
    [InlineData("[\"k\"]", "[\"l\"]", "budgets.two")]
    [InlineData("m*", "n*", "budgets.two")]
    [InlineData("\"provider\": [\"openai\"]", "\"provider\": [\"azure\"]", "budgets.two")]
    [InlineData("\"team\": \"x\"", "\"team\": \"y\"", "budgets.two")]
    [InlineData("metadata.team\"]", "metadata.town\"]", "budgets.two")]
    [InlineData("{ \"g\": 2 }", "{ \"g\": 3 }", "budgets.two")]
    [InlineData("\"week\"", "\"day\"", "budgets.two")]
    [InlineData("ceiling", "block", "pricing")]
    [InlineData("p.json", "q.json", "pricing")]
    [InlineData("finance", "sales", "pricing")]
    [InlineData("buyer", "seller", "pricing")]
    [InlineData("\"output\": 2", "\"output\": 3", "pricing")]
    [InlineData("\"0.1\"", "\"0.2\"", "pricing")]
    [InlineData("\"match\": { \"groups\": [\"g\"] }", "\"match\": { \"groups\": [\"h\"] }", "pricing")]
    [InlineData("\"gg\"", "\"hh\"", "policies.p1")]
    [InlineData("openai/*", "azure/*", "policies.p1")]
    [InlineData("300d", "200d", "audit")]
    [InlineData("drain", "cancel", "abort")]
    [InlineData("1h", "2h", "timeouts")]
    [InlineData("1MiB", "2MiB", "requests")]
    [InlineData("\"off\"", "\"stdout\"", "log")]
    public void One_changed_value_is_named_by_its_path_alone(string from, string to, string path)
    {
        Assert.Contains(from, Full, StringComparison.Ordinal);
        var changes = ConfigChanges.Between(Load(Full), Load(Full.Replace(from, to, StringComparison.Ordinal)));
        Assert.Equal([path], changes.Changed);
        Assert.Empty(changes.Added);
        Assert.Empty(changes.Removed);
    }

    [Fact]
    public void Things_that_come_and_go_are_named()
    {
        var other = Full.Replace("\"azure\":", "\"azure2\":", StringComparison.Ordinal).Replace("\"name\": \"one\"", "\"name\": \"uno\"", StringComparison.Ordinal);
        var changes = ConfigChanges.Between(Load(Full), Load(other));
        Assert.Equal(["providers.azure2", "budgets.uno"], changes.Added);
        Assert.Equal(["providers.azure", "budgets.one"], changes.Removed);
        Assert.Empty(changes.Changed);
    }

    [Fact]
    public void What_only_a_start_decides_stays_as_it_runs_and_is_named_and_the_rest_is_taken()
    {
        var running = Load(Full);
        var wanted = Load(Full
            .Replace("127.0.0.1:1", "127.0.0.1:3", StringComparison.Ordinal).Replace("127.0.0.1:2", "127.0.0.1:4", StringComparison.Ordinal)
            .Replace("\"/d\"", "\"/e\"", StringComparison.Ordinal).Replace("overlapped", "strict", StringComparison.Ordinal)
            .Replace("\"total\": \"1h\"", "\"total\": \"2h\", \"connect\": \"1s\"", StringComparison.Ordinal)
            .Replace("1MiB\"", "2MiB\", \"max_header\": \"8KiB\"", StringComparison.Ordinal).Replace("\"off\"", "\"stdout\"", StringComparison.Ordinal));

        var kept = StartOnly.Keep(running, wanted, out var restartNeeded);

        Assert.Equal(["listen.data", "listen.admin", "data_dir", "durability", "timeouts.connect", "requests.max_header", "log"], restartNeeded);
        Assert.Equal(["timeouts", "requests"], ConfigChanges.Between(running, kept).Changed);
        Assert.Equal((TimeSpan.FromHours(2), running.Timeouts.Connect), (kept.Timeouts.Total, kept.Timeouts.Connect));
        Assert.Equal((2L << 20, running.Requests.MaxHeaderBytes), (kept.Requests.MaxBodyBytes, kept.Requests.MaxHeaderBytes));
        _ = StartOnly.Keep(kept, running, out restartNeeded);
        Assert.Empty(restartNeeded);
    }

    [Theory]
    [InlineData(false, false, false)]
    [InlineData(false, true, true)]
    [InlineData(true, false, true)]
    [InlineData(true, true, false)]
    public void Tls_cannot_be_switched_while_running_but_its_files_can_be_others(bool runs, bool wants, bool restart)
    {
        var running = WithTls(runs ? new TlsConfig("a", "b") : null);
        var wanted = WithTls(wants ? new TlsConfig("c", "d") : null);

        var kept = StartOnly.Keep(running, wanted, out var restartNeeded);

        Assert.Equal(restart ? ["listen.tls"] : [], restartNeeded);
        Assert.Equal(restart ? running.Listen.Tls : wanted.Listen.Tls, kept.Listen.Tls);
    }

    private static GatewayConfig WithTls(TlsConfig? tls) => new() { DataDirectory = "/d", Listen = new ListenConfig { Tls = tls } };

    private static GatewayConfig Load(string json) => ConfigFixture.LoadGood(json.Replace("HASH", ConfigFixture.Hash, StringComparison.Ordinal));
}
