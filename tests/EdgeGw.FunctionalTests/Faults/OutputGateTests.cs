using System.Net;
using System.Text.Json.Nodes;
using EdgeGw.FunctionalTests.Gateway;
using EdgeGw.FunctionalTests.Providers;
using EdgeGw.Storage.Tests;

namespace EdgeGw.FunctionalTests.Faults;

/// <summary>What waits for the disk, and what does not: on a filesystem that takes no writes for a while.</summary>
public sealed class OutputGateTests
{
    // Only a gateway that does not wait is faster than this; one that waits cannot fail by it.
    private static readonly TimeSpan Watched = TimeSpan.FromMilliseconds(500);

    [RequiresLoopMountFact]
    public async Task OverlappedAnswer_waitsForItsHold_whileTheProviderIsCalled()
    {
        await using var scene = await Scene.StartAsync("overlapped");
        Task<CallResult>[] answers;
        using (scene.Disk.Freeze())
        {
            answers = [scene.CallAsync("whole", stream: false), scene.CallAsync("streamed", stream: true)];
            await Eventually.TrueAsync(() => scene.Provider.Ledger.Calls.Count == answers.Length, "the provider's calls");
            await scene.Provider.Ledger.QuiesceAsync(TimeSpan.FromSeconds(10));
            await Task.WhenAny([.. answers, Task.Delay(Watched)]);
            Assert.DoesNotContain(answers, static answer => answer.IsCompleted);
        }
        Assert.All(await Task.WhenAll(answers), static answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
        await scene.CheckBooksAsync();
    }

    [RequiresLoopMountFact]
    public async Task StrictCall_waitsForItsHold_beforeTheProviderIsCalled()
    {
        await using var scene = await Scene.StartAsync("strict");
        Task<CallResult> answer;
        using (scene.Disk.Freeze())
        {
            answer = scene.CallAsync("first", stream: false);
            await Eventually.TrueAsync(async () => await scene.Gateway.AdminApi.MetricAsync("edgegw_open_holds") == 1, "the hold");
            Assert.NotSame(answer, await Task.WhenAny(answer, Task.Delay(Watched)));
            Assert.False(scene.Provider.Ledger.TryFind("first", out _));
        }
        Assert.Equal(HttpStatusCode.OK, (await answer).Status);
        await scene.CheckBooksAsync();
    }

    [RequiresLoopMountFact]
    public async Task RelaxedAnswer_waitsForNothing()
    {
        await using var scene = await Scene.StartAsync("relaxed");
        using (scene.Disk.Freeze())
        {
            Assert.Equal(HttpStatusCode.OK, (await scene.CallAsync("first", stream: true)).Status);
        }
        await scene.CheckBooksAsync();
    }

    private sealed class Scene(LoopFileSystem disk, FakeProvider provider, EdgeGwProcess gateway) : IAsyncDisposable
    {
        public LoopFileSystem Disk => disk;

        public FakeProvider Provider => provider;

        public EdgeGwProcess Gateway => gateway;

        public static async Task<Scene> StartAsync(string durability)
        {
            var disk = LoopFileSystem.Create(700 << 20);
            var provider = await FakeProvider.StartAsync();
            var config = GatewayConfig.For(provider);
            config["budgets"] = new JsonArray(GatewayConfig.Budget("all", 1000));
            config["durability"] = durability;
            config["data_dir"] = Path.Combine(disk.Path, "data");
            return new Scene(disk, provider, await EdgeGwProcess.StartAsync(config));
        }

        public Task<CallResult> CallAsync(string id, bool stream) => CallResult.OfAsync(
            gateway.Client, new Call(CallerDialect.Chat, new FakeScript { Id = id, Input = 100, Output = 20, Chunks = 4 }) { Stream = stream, MaxOutput = 100 });

        public async Task CheckBooksAsync()
        {
            var billed = provider.Ledger.Calls.Sum(Prices.Cost);
            await Eventually.TrueAsync(async () => await gateway.AdminApi.SettledAsync("all") == billed, "the charge");
        }

        public async ValueTask DisposeAsync()
        {
            await gateway.DisposeAsync();
            await provider.DisposeAsync();
            disk.Dispose();
        }
    }
}
