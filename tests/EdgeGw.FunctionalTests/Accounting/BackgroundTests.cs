using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeGw.FunctionalTests.Gateway;
using EdgeGw.FunctionalTests.Providers;

namespace EdgeGw.FunctionalTests.Accounting;

/// <summary>Answers made in the background are billed exactly once, however often, by whom and in which life of the gateway they are read.</summary>
public sealed class BackgroundTests : IAsyncLifetime
{
    private const string Budget = "all";
    private static readonly Prices OpenAi = Prices.Of("responses");
    private static readonly Prices Gemini = Prices.Of("gemini");

    private BackgroundProvider _provider = null!;
    private EdgeGwProcess _gateway = null!;

    public async Task InitializeAsync()
    {
        _provider = await BackgroundProvider.StartAsync();
        var config = GatewayConfig.For(_provider.BaseUrl);
        config["providers"]!["azure"] = GatewayConfig.Provider(_provider.BaseUrl);
        config["providers"]!["azure"]!["kind"] = "azure-openai";
        config["pricing"]!["overrides"]!.AsArray().Add(new JsonObject { ["model"] = "azure/*", ["input"] = "1.0000001", ["output"] = "2.0000003" });
        config["budgets"] = new JsonArray(GatewayConfig.Budget(Budget, 100_000), GatewayConfig.Budget("per-key", 100_000, "key"));
        config["abort"] = new JsonObject { ["policy"] = "cancel" };
        _gateway = await EdgeGwProcess.StartAsync(config);
    }

    public async Task DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _provider.DisposeAsync();
    }

    [Fact]
    public async Task Answer_readByManyAtOnceAndByAnotherKey_isBilledOnceToWhoAskedForIt()
    {
        var (owner, other) = (await _gateway.AdminApi.CreateKeyAsync("owner"), await _gateway.AdminApi.CreateKeyAsync("other"));
        var jobs = new List<string>();
        for (var i = 0; i < 20; i++)
        {
            jobs.Add(await CreateAsync("fake-gpt", input: 1000 + i, output: 77 * i, pending: i % 4, key: owner));
        }
        await Eventually.TrueAsync(() => _gateway.Log.Records.Count == 20, "a record of each request");
        var presumed = await _gateway.AdminApi.SettledAsync(Budget);
        Assert.Equal(_gateway.Log.Records.Where(record => record.Presumed).Sum(record => record.Hold), presumed);
        Assert.Equal(20, _gateway.Log.Records.Count(record => record is { Presumed: true, UsageSource: "none", Output: 0 }));

        await Parallel.ForEachAsync(Enumerable.Range(0, 400), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (index, _) =>
            Assert.Equal(HttpStatusCode.OK, (await ReadAsync($"/openai/v1/responses/{jobs[index % jobs.Count]}", index % 3 == 0 ? owner : other)).Status));

        var bill = _provider.Jobs.Sum(job => OpenAi.Cost(job.Input, 0, 0, job.Output));
        Assert.Equal(bill, await _gateway.AdminApi.SettledAsync(Budget));
        Assert.Equal(bill, await _gateway.AdminApi.RecordedCostAsync());
        var slots = await _gateway.AdminApi.BudgetAsync("per-key");
        Assert.Equal(bill, slots.Single(slot => slot.Scope == "owner").Spent);
        Assert.Equal(0, slots.Single(slot => slot.Scope == "other").Spent);
        await Eventually.TrueAsync(() => _gateway.Log.Records.Count >= 420, "a record of each request");
        Assert.Equal(bill, _gateway.Log.Records.Sum(record => record.Cost));
        var corrections = _gateway.Log.Records.Where(record => record.Corrects is not null).ToArray();
        Assert.Equal(20, corrections.Length);
        Assert.Equal(20, corrections.Select(record => record.Corrects).Distinct().Count());
        Assert.All(corrections, record => Assert.Equal(("owner", "provider"), (record.CorrectedKey, record.UsageSource)));
        Assert.All(_gateway.Log.Records.Where(record => record is { Corrects: null, Presumed: false }), record => Assert.Equal((0, 0, 0), (record.Cost, record.Input, record.Output)));

        var usage = await _gateway.AdminApi.JsonAsync("/admin/v1/usage?by=key");
        var ofOwner = usage.GetProperty("rows").EnumerateArray().Single(row => row.GetProperty("key").GetString() == "owner");
        Assert.Equal(bill, Nano.Parse(ofOwner.GetProperty("cost_usd").GetString()!));
        Assert.Equal(_provider.Jobs.Sum(job => job.Output), ofOwner.GetProperty("usage").GetProperty("output").GetInt64());
    }

    [Theory]
    [InlineData("completed")]
    [InlineData("incomplete")]
    public async Task Answer_streamedAgainFromTheMiddle_isBilledWhenItsLastEventPasses(string end)
    {
        var id = await CreateAsync("fake-gpt", input: 300, output: 200, pending: 1, end: end);
        var early = await ReadAsync($"/openai/v1/responses/{id}?stream=true");
        Assert.Equal("0", early.Response.TrailingHeaders.GetValues("x-edgegw-cost-usd").Single());
        var hold = await _gateway.AdminApi.SettledAsync(Budget);

        var late = await ReadAsync($"/openai/v1/responses/{id}?stream=true&starting_after=4");
        Assert.StartsWith("event: response.output_text.delta", late.Text, StringComparison.Ordinal);
        var cost = OpenAi.Cost(300, 0, 0, 200);
        Assert.Equal(cost - hold, Nano.Parse(late.Response.TrailingHeaders.GetValues("x-edgegw-cost-usd").Single()));
        Assert.Equal(cost, await _gateway.AdminApi.SettledAsync(Budget));
        await ReadAsync($"/openai/v1/responses/{id}");
        Assert.Equal(cost, await _gateway.AdminApi.SettledAsync(Budget));
    }

    [Theory]
    [InlineData("/azure/openai/v1/responses", "")]
    [InlineData("/azure/openai/responses", "?api-version=2025-04-01-preview")]
    public async Task Answer_ofAzure_isBilledAtThatProvidersPrice(string path, string query)
    {
        var id = await CreateAsync("fake-gpt", input: 1_000_000, output: 10, path: path + query);
        await ReadAsync($"{path}/{id}{query}");
        Assert.Equal(1_000_000_100 + 20_001, await _gateway.AdminApi.SettledAsync(Budget));
    }

    [Fact]
    public async Task Interaction_readTwice_isBilledOnce()
    {
        var id = await CreateAsync("fake-gemini", input: 40, output: 60, path: "/gemini/v1beta/interactions");
        await ReadAsync($"/gemini/v1beta/interactions/{id}?fields=id,status");
        Assert.True(await _gateway.AdminApi.SettledAsync(Budget) > Gemini.Cost(40, 0, 0, 60));
        for (var i = 0; i < 2; i++)
        {
            await ReadAsync($"/gemini/v1beta/interactions/{id}");
            Assert.Equal(Gemini.Cost(40, 0, 0, 60), await _gateway.AdminApi.SettledAsync(Budget));
        }
    }

    [Fact]
    public async Task Answer_thatFailed_costsNothing_andOneNeverRead_staysAtItsHold()
    {
        var failed = await CreateAsync("fake-gpt", input: 10, output: 0, end: "failed");
        await ReadAsync($"/openai/v1/responses/{failed}");
        Assert.Equal(0, await _gateway.AdminApi.SettledAsync(Budget));
        await CreateAsync("fake-gpt", input: 10, output: 10);
        Assert.Equal(404, (int)(await ReadAsync("/openai/v1/responses/resp_unknown")).Status);
        await Eventually.TrueAsync(() => _gateway.Log.Records.Count == 4, "four records");
        var never = _gateway.Log.Records.Last(record => record.Presumed).Hold;
        Assert.True(never > 0);
        Assert.Equal(never, await _gateway.AdminApi.SettledAsync(Budget));
        Assert.Equal(never, await _gateway.AdminApi.RecordedCostAsync());
        Assert.Equal(never, _gateway.Log.Records.Sum(record => record.Cost));
        var (_, metrics) = await _gateway.AdminApi.GetAsync("/metrics", authorized: false);
        Assert.Contains("\nedgegw_background_answers 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains("\nedgegw_background_forgotten_total 0\n", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answer_cancelled_isBilledForItsPromptAndTheTextThatWasMade()
    {
        var (id, bytes) = await CreateMeasuredAsync("fake-gpt", input: 10, output: 10, pending: 1000);
        using var cancel = new HttpRequestMessage(HttpMethod.Post, $"/openai/v1/responses/{id}/cancel");
        var answer = await CallResult.OfAsync(_gateway.Client, cancel);
        Assert.Contains("\"cancelled\"", answer.Text, StringComparison.Ordinal);
        // Four bytes make a token where no answer has taught otherwise.
        var cost = OpenAi.Cost((bytes + 3) / 4, 0, 0, (BackgroundJob.Text.Length + 3) / 4);
        Assert.Equal(cost, await _gateway.AdminApi.SettledAsync(Budget));
        var record = await _gateway.Log.RecordAsync(record => record.Corrects is not null, "the correction");
        Assert.Equal("estimated", record.UsageSource);
        await ReadAsync($"/openai/v1/responses/{id}");
        Assert.Equal(cost, await _gateway.AdminApi.SettledAsync(Budget));
    }

    [Fact]
    public async Task BackgroundStream_whoseCallerLeaves_isHeldUntilTheAnswerIsRead()
    {
        using (var leave = new CancellationTokenSource())
        {
            using var request = Create("fake-gpt", 500, 400, 0, "completed", "/openai/v1/responses", stream: true, null, out _);
            using var response = await _gateway.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, leave.Token);
            var buffer = new byte[256];
            await using var body = await response.Content.ReadAsStreamAsync(leave.Token);
            Assert.True(await body.ReadAsync(buffer, leave.Token) > 0);
            await leave.CancelAsync();
        }
        var record = await _gateway.Log.RecordAsync(record => record.Outcome == "client_aborted", "the broken stream");
        Assert.True(record.Presumed);
        Assert.Equal(record.Hold, await _gateway.AdminApi.SettledAsync(Budget));
        await ReadAsync($"/openai/v1/responses/{_provider.Jobs.Single().Id}");
        Assert.Equal(OpenAi.Cost(500, 0, 0, 400), await _gateway.AdminApi.SettledAsync(Budget));
    }

    [Fact]
    public async Task Answer_thatWasNotInTheBackground_isNotBilledAgainWhenRead()
    {
        var id = await CreateAsync("fake-gpt", input: 30, output: 20, background: false);
        var cost = OpenAi.Cost(30, 0, 0, 20);
        Assert.Equal(cost, await _gateway.AdminApi.SettledAsync(Budget));
        // One that was asked for through another gateway is billed there.
        _provider.Adopt(new BackgroundJob("resp_elsewhere", "fake-gpt", 100, 100, 0, "completed"));
        foreach (var path in (string[])[id, "resp_elsewhere", id + "?stream=true"])
        {
            await ReadAsync("/openai/v1/responses/" + path);
        }
        Assert.Equal(cost, await _gateway.AdminApi.SettledAsync(Budget));
        var usage = await _gateway.AdminApi.JsonAsync("/admin/v1/usage");
        Assert.Equal(20, usage.GetProperty("total").GetProperty("usage").GetProperty("output").GetInt64());
        await Eventually.TrueAsync(() => _gateway.Log.Records.Count >= 4, "a line of each request");
        Assert.Equal(cost, _gateway.Log.Records.Sum(record => record.Cost));
    }

    [Fact]
    public async Task Restart_betweenAskingAndReading_changesNothing()
    {
        var id = await CreateAsync("fake-gpt", input: 5, output: 6);
        await _gateway.StopAsync();
        await _gateway.LaunchAsync();
        await ReadAsync($"/openai/v1/responses/{id}");
        await _gateway.StopAsync();
        await _gateway.LaunchAsync();
        await ReadAsync($"/openai/v1/responses/{id}");
        Assert.Equal(OpenAi.Cost(5, 0, 0, 6), await _gateway.AdminApi.SettledAsync(Budget));
        Assert.Equal(OpenAi.Cost(5, 0, 0, 6), await _gateway.AdminApi.RecordedCostAsync());
    }

    [Fact]
    public async Task Kill_atRandomMomentsBetweenAskingAndReading_billsEachAnswerExactlyOnce()
    {
        var kills = int.Parse(Environment.GetEnvironmentVariable("EDGEGW_KILLS") ?? "12", System.Globalization.CultureInfo.InvariantCulture);
        var random = new Random(20261122);
        var jobs = new List<string>();
        for (var kill = 0; kill < kills; kill++)
        {
            for (var i = 0; i < 6; i++)
            {
                jobs.Add(await CreateAsync("fake-gpt", random.Next(1, 5000), random.Next(1, 3000), random.Next(3)));
            }
            var readers = Enumerable.Range(0, 4).Select(reader => ReadUntilDeadAsync([.. jobs], random.Next())).ToArray();
            await Task.Delay(random.Next(0, 60));
            Signals.SendKill(_gateway.Process);
            await Task.WhenAll(readers);
            await _gateway.KillAsync();
            await _gateway.LaunchAsync();
        }
        for (var round = 0; round < 5; round++)
        {
            await Parallel.ForEachAsync(jobs, async (id, _) => await ReadAsync($"/openai/v1/responses/{id}"));
        }
        var bill = _provider.Jobs.Sum(job => OpenAi.Cost(job.Input, 0, 0, job.Output));
        Assert.Equal(bill, await _gateway.AdminApi.SettledAsync(Budget));
        Assert.Equal(bill, await _gateway.AdminApi.RecordedCostAsync());
    }

    private async Task ReadUntilDeadAsync(string[] jobs, int seed)
    {
        var random = new Random(seed);
        try
        {
            while (true)
            {
                await ReadAsync($"/openai/v1/responses/{jobs[random.Next(jobs.Length)]}{(random.Next(2) == 0 ? "?stream=true" : "")}");
            }
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException)
        {
            // The process under the connection was killed: that is what the test is about.
        }
    }

    private async Task<string> CreateAsync(
        string model, long input, long output, int pending = 0, string end = "completed", string path = "/openai/v1/responses", string? key = null,
        bool background = true) =>
        (await CreateMeasuredAsync(model, input, output, pending, end, path, key, background)).Id;

    private async Task<(string Id, int Bytes)> CreateMeasuredAsync(
        string model, long input, long output, int pending = 0, string end = "completed", string path = "/openai/v1/responses", string? key = null,
        bool background = true)
    {
        var request = Create(model, input, output, pending, end, path, stream: false, key, out var bytes, background);
        var result = await CallResult.OfAsync(_gateway.Client, request);
        Assert.True(result.Status == HttpStatusCode.OK, result.Text);
        using var json = JsonDocument.Parse(result.Text);
        return (json.RootElement.GetProperty("id").GetString()!, bytes);
    }

    private static HttpRequestMessage Create(
        string model, long input, long output, int pending, string end, string path, bool stream, string? key, out int bytes, bool background = true)
    {
        var json = new JsonObject
        {
            ["model"] = model,
            ["input"] = "Think long and hard.",
            ["background"] = background,
            ["stream"] = stream,
            ["metadata"] = new JsonObject { ["in"] = $"{input}", ["out"] = $"{output}", ["pending"] = $"{pending}", ["end"] = end },
        };
        var body = Encoding.UTF8.GetBytes(json.ToJsonString());
        bytes = body.Length;
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/json");
        Authorize(request, key);
        return request;
    }

    private async Task<CallResult> ReadAsync(string path, string? key = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        Authorize(request, key);
        return await CallResult.OfAsync(_gateway.Client, request);
    }

    private static void Authorize(HttpRequestMessage request, string? key)
    {
        if (key is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + key);
        }
    }
}
