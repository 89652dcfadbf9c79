using EdgeGw.Cli;
using EdgeGw.Storage;

namespace EdgeGw.Hosting;

/// <summary><c>edgegw verify-journal</c>: everything in a stopped node's data folder, read and compared.</summary>
internal static class VerifyJournalAction
{
    public static async Task<int> RunAsync(VerifyJournalOptions options, CliContext context, CancellationToken cancellation)
    {
        try
        {
            var report = await JournalVerifier.VerifyAsync(options.DataDirectory);
            if (options.Json)
            {
                report.WriteJson(context.Out);
            }
            else
            {
                report.WriteText(context.Out);
            }
            return report.Damages.Count == 0 ? ExitCode.Ok : ExitCode.Failure;
        }
        catch (Exception fault) when (fault is StorageException or IOException or UnauthorizedAccessException)
        {
            context.Error.WriteLine($"edgegw verify-journal: {fault.Message}");
            return ExitCode.Failure;
        }
    }
}
