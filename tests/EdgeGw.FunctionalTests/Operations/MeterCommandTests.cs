using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using EdgeGw.FunctionalTests.Gateway;
using EdgeGw.FunctionalTests.Providers;

namespace EdgeGw.FunctionalTests.Operations;

/// <summary><c>edgegw meter</c> on every recorded answer of the four dialects, whole and in small pieces: the exact tokens, from the published binary.</summary>
public sealed class MeterCommandTests
{
    [RequiresCorpusFact]
    public Task Meter_ofWholeRecordings_countsToTheToken() => CompareAsync(chunkSize: null);

    [RequiresCorpusFact]
    public Task Meter_ofRecordingsInSmallPieces_countsToTheToken() => CompareAsync(chunkSize: 7);

    private static async Task CompareAsync(int? chunkSize)
    {
        var wrong = new ConcurrentQueue<string>();
        await Parallel.ForEachAsync(
            Corpus.Known.Where(entry => entry is { HasUsage: true, IsAmbiguous: false }),
            new ParallelOptions { MaxDegreeOfParallelism = 2 },
            async (entry, _) =>
            {
                if (await CompareAsync(entry, chunkSize) is { } difference)
                {
                    wrong.Enqueue($"{entry.File}: {difference}");
                }
            });
        Assert.True(wrong.IsEmpty, $"{wrong.Count} wrong\n{string.Join('\n', wrong)}");
    }

    private static async Task<string?> CompareAsync(CorpusEntry entry, int? chunkSize)
    {
        List<string> arguments = ["meter", "--provider", entry.Provider, "--api", entry.Api, "--content-encoding", entry.ContentEncoding];
        if (entry.Model.Length > 0)
        {
            arguments.AddRange(["--model", entry.Model]);
        }
        if (entry.Streaming)
        {
            arguments.Add("--stream");
        }
        if (chunkSize is { } size)
        {
            arguments.AddRange(["--chunk-size", size.ToString(CultureInfo.InvariantCulture)]);
        }
        var result = await EdgeGwCommand.RunAsync([.. arguments, Corpus.PathOf(entry.File)]);
        if (result.ExitCode != 0)
        {
            return result.All;
        }
        using var json = JsonDocument.Parse(result.Output);
        var usage = json.RootElement.GetProperty("usage");
        var (input, cached, output) = (Count(usage, "input"), Count(usage, "cached_input"), Count(usage, "output"));
        return (input, cached, output) == (entry.Input, entry.CachedInput, entry.Output)
            ? null
            : $"{input}/{cached}/{output} instead of {entry.Input}/{entry.CachedInput}/{entry.Output}";
    }

    private static long Count(JsonElement usage, string name) => usage.TryGetProperty(name, out var count) ? count.GetInt64() : 0;
}
