using System.Buffers;
using System.Diagnostics;
using EdgeGw.Budgets;
using EdgeGw.Pricing;
using EdgeGw.Telemetry;
using EdgeGw.Telemetry.Metrics;

namespace EdgeGw.Tests.Telemetry;

public sealed class PromtoolTests
{
    [PromtoolFact]
    public async Task Whole_scrape_passes_promtool_check_metrics()
    {
        var metrics = new GatewayMetrics("1.2.3")
        {
            OpenHolds = () => 1,
            OpenHoldsValue = () => new NanoUsd(1),
            JournalDurableLag = () => 0,
            JournalHealthy = () => true,
            Budgets = () => [new BudgetStatus("b", "user=\"ä\"\n", new(10), new(1), new(0), DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch)],
        };
        for (var seed = 0; seed < 100; seed++)
        {
            metrics.Observe(Generators.Few(new Random(seed)));
        }
        var output = new ArrayBufferWriter<byte>();
        metrics.Write(output, ExpositionFormat.Text);

        var start = new ProcessStartInfo(PromtoolFactAttribute.Tool!, ["check", "metrics"])
        {
            RedirectStandardInput = true,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var said = Task.WhenAll(process.StandardError.ReadToEndAsync(), process.StandardOutput.ReadToEndAsync());
        await process.StandardInput.BaseStream.WriteAsync(output.WrittenMemory);
        process.StandardInput.Close();
        Assert.Equal(["", ""], await said);
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
    }

    /// <summary>Skipped, and shown as such, where promtool (Debian package prometheus) is not to be had.</summary>
    private sealed class PromtoolFactAttribute : FactAttribute
    {
        internal static readonly string? Tool = Find();

        public PromtoolFactAttribute() => Skip = Tool is null ? "promtool is not on the PATH and PROMTOOL is not set" : null;

        private static string? Find() => Environment.GetEnvironmentVariable("PROMTOOL")
            ?? (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
                .Select(static folder => Path.Combine(folder, "promtool"))
                .FirstOrDefault(File.Exists);
    }
}
