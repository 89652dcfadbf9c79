using System.Text;
using System.Text.Json;
using EdgeGw.Cli;
using EdgeGw.Storage;

namespace EdgeGw.Hosting.DryRuns;

/// <summary><c>edgegw simulate --last</c>: reads the data folder beside a gateway that may run or not, and changes nothing in it.</summary>
internal static class DryRunAction
{
    public static Task<int> RunAsync(DryRunOptions options, CliContext context, CancellationToken cancellation)
    {
        try
        {
            var folder = options.Loaded.Config!.DataDirectory;
            var calls = JournalReader.Read(folder, options.Last, () => DataStore.ReadPepper(folder, context.Environment.Get("EDGEGW_KEY_PEPPER")));
            var report = DryRun.Of(options.Loaded, calls);
            if (options.Json)
            {
                WriteJson(report, context.Out);
            }
            else
            {
                DryRunText.Write(report, context.Out);
            }
            return Task.FromResult(ExitCode.Ok);
        }
        catch (Exception fault) when (fault is StorageException or InvalidDataException or IOException or UnauthorizedAccessException or FormatException)
        {
            context.Error.WriteLine($"edgegw simulate: {fault.Message}");
            return Task.FromResult(ExitCode.Failure);
        }
    }

    private static void WriteJson(DryRunReport report, TextWriter output)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            DryRunJson.Write(json, report);
        }
        output.WriteLine(Encoding.UTF8.GetString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length)));
    }
}
