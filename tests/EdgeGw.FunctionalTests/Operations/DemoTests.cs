using EdgeGw.FunctionalTests.Gateway;
using EdgeGw.FunctionalTests.Providers;

namespace EdgeGw.FunctionalTests.Operations;

/// <summary><c>edgegw demo</c>: the first call works with no account, no key and no file.</summary>
public sealed class DemoTests
{
    [Fact]
    public async Task Demo_answersAllDialectsAndRecordsWhatTheyCost()
    {
        using var folder = new TemporaryFolder();
        var address = $"127.0.0.1:{FreePorts.Next()}";
        using var process = EdgeGwCommand.Start(["demo", "--listen", address], new Dictionary<string, string> { ["XDG_STATE_HOME"] = folder.Path, ["HOME"] = folder.Path });
        var (log, errors) = (new OutputLines(), new OutputLines());
        var pumps = Task.WhenAll(log.PumpAsync(process.StandardOutput), errors.PumpAsync(process.StandardError));
        try
        {
            using var client = Clients.Plain(new Uri($"http://{address}"));
            await Eventually.TrueAsync(() => AnswersAsync(client, process), "the demo to answer");
            foreach (var (dialect, model) in ((CallerDialect, string)[])[
                (CallerDialect.Chat, "gpt-4o-mini"), (CallerDialect.Responses, "gpt-4o-mini"), (CallerDialect.Messages, "claude-sonnet-4-5"), (CallerDialect.Gemini, "gemini-2.5-flash")])
            {
                var result = await CallResult.OfAsync(client, new Call(dialect, new FakeScript { Id = $"demo-{dialect}" }) { Stream = true, Model = model, MaxOutput = 12 });
                Assert.True((int)result.Status == 200 && result.Broken is null, result.Text);
                var record = await log.RecordOfCallAsync($"demo-{dialect}");
                Assert.Equal(("provider", 12L), (record.UsageSource, record.Output));
                Assert.True(record.Cost > 0, record.ToString());
            }
            Signals.SendTerm(process);
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(15));
            await process.WaitForExitAsync(patience.Token);
            Assert.Equal(0, process.ExitCode);
        }
        finally
        {
            Signals.SendKill(process);
            await process.WaitForExitAsync();
            await pumps;
        }
        Assert.Empty(Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories));
    }

    private static async Task<bool> AnswersAsync(HttpClient client, System.Diagnostics.Process process)
    {
        Assert.False(process.HasExited, "the demo ended by itself");
        try
        {
            using var response = await client.GetAsync("/");
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
