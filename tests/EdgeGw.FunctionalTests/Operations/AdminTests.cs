using System.Net;
using EdgeGw.FunctionalTests.Gateway;
using EdgeGw.FunctionalTests.Providers;

namespace EdgeGw.FunctionalTests.Operations;

/// <summary>The admin listener: health, metrics, and a token before everything else.</summary>
[Collection(SharedGateway.Name)]
public sealed class AdminTests(GatewayFixture fixture)
{
    [RequiresPromtoolFact]
    public async Task Metrics_afterCallsOfEveryKind_passPromtool()
    {
        foreach (var dialect in Enum.GetValues<CallerDialect>())
        {
            await CallResult.OfAsync(fixture.Gateway.Client, new Call(dialect, new FakeScript { Output = 20 }) { Stream = dialect != CallerDialect.Embeddings });
            await CallResult.OfAsync(fixture.Gateway.Client, new Call(dialect, new FakeScript { Fail = FakeFailure.Status }));
        }
        // A model name that tries to break out of its label.
        await CallResult.OfAsync(fixture.Gateway.Client, new Call(CallerDialect.Chat, new FakeScript()) { Model = "fake-\"} 1\n# evil\\" });

        var (status, text) = await fixture.Gateway.AdminApi.GetAsync("/metrics", authorized: false);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("edgegw_", text, StringComparison.Ordinal);
        Assert.DoesNotContain(FakeProvider.ApiKey, text, StringComparison.Ordinal);
        var complaints = await Programs.RunAsync("promtool", ["check", "metrics"], text, allowFailure: true);
        Assert.True(string.IsNullOrWhiteSpace(complaints), complaints);
    }

    [Theory]
    [InlineData("/healthz")]
    [InlineData("/readyz")]
    [InlineData("/metrics")]
    public async Task Probes_needNoToken(string path) =>
        Assert.Equal(HttpStatusCode.OK, (await fixture.Gateway.AdminApi.GetAsync(path, authorized: false)).Status);

    [Theory]
    [InlineData("/admin/v1/usage")]
    [InlineData("/admin/v1/budgets")]
    [InlineData("/admin/v1/requests")]
    [InlineData("/admin/v1/keys")]
    public async Task AdminApi_withoutItsToken_isClosed(string path)
    {
        Assert.Equal(HttpStatusCode.Unauthorized, (await fixture.Gateway.AdminApi.GetAsync(path, authorized: false)).Status);
        Assert.Equal(HttpStatusCode.OK, (await fixture.Gateway.AdminApi.GetAsync(path)).Status);
    }

    [Theory]
    [InlineData("/metrics")]
    [InlineData("/admin/v1/usage")]
    public async Task DataListener_servesNothingOfTheAdminListener(string path)
    {
        using var response = await fixture.Gateway.Client.GetAsync(path);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task AdminToken_isForItsOwnerOnly()
    {
        var mode = File.GetUnixFileMode(Path.Combine(fixture.Gateway.DataDirectory, "admin-token"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, mode);
        Assert.Equal(HttpStatusCode.OK, (await fixture.Gateway.AdminApi.GetAsync("/admin/v1/keys")).Status);
    }

    [Theory]
    [InlineData(CallerDialect.Chat)]
    [InlineData(CallerDialect.Messages)]
    public async Task Answer_carriesItsIdAndItsCost(CallerDialect dialect)
    {
        var id = $"headers-{dialect}";
        var result = await CallResult.OfAsync(fixture.Gateway.Client, new Call(dialect, new FakeScript { Id = id, Output = 30 }));
        var record = await fixture.Gateway.Log.RecordOfCallAsync(id);
        Assert.Equal(record.Id, result.RequestId);
        Assert.Equal(dialect == CallerDialect.Chat ? "openai" : "anthropic", result.Header("x-edgegw-provider"));
        Assert.Equal("fake-gpt", result.Header("x-edgegw-model"));
    }

    [Fact]
    public async Task Alias_onTheUnifiedSurface_reachesItsModel()
    {
        var call = new Call(CallerDialect.Chat, new FakeScript { Id = "alias" }) { Path = "/v1/chat/completions", Model = "our-alias" };
        Assert.Equal(200, (int)(await CallResult.OfAsync(fixture.Gateway.Client, call)).Status);
        Assert.Equal("fake-gpt", fixture.Provider.Ledger["alias"].Model);
    }

    [Theory]
    [InlineData(CallerDialect.Chat, "/v1/chat/completions", "openai/fake-gpt")]
    [InlineData(CallerDialect.Responses, "/v1/responses", "openai/fake-gpt")]
    [InlineData(CallerDialect.Messages, "/v1/messages", "anthropic/fake-gpt")]
    [InlineData(CallerDialect.Embeddings, "/v1/embeddings", "openai/fake-gpt")]
    public async Task ProviderAndModel_onTheUnifiedSurface_reachThatModel(CallerDialect dialect, string path, string model)
    {
        var call = new Call(dialect, new FakeScript { Id = $"unified-{dialect}" }) { Path = path, Model = model };
        Assert.Equal(200, (int)(await CallResult.OfAsync(fixture.Gateway.Client, call)).Status);
        Assert.Equal("fake-gpt", fixture.Provider.Ledger[$"unified-{dialect}"].Model);
    }
}
