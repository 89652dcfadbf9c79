using EdgeGw.Admin;
using EdgeGw.Configuration;
using EdgeGw.Storage;

namespace EdgeGw.Hosting.DryRuns;

/// <summary>Dry runs inside a running gateway, over its own journal: one at a time, on one thread of the pool.</summary>
/// <param name="inForce">The configuration in force.</param>
/// <param name="read">Reads another one's text; null: there is no other.</param>
/// <param name="pepper">Reads the key pepper, where there are erasures.</param>
internal sealed class LiveDryRuns(Func<LoadedConfig> inForce, Func<byte[], ConfigResult>? read, Journal journal, Func<byte[]> pepper)
{
    private int _isRunning;

    public async Task<AdminResult<DryRunAnswer>> RunAsync(DryRunQuery query)
    {
        if (query.Config is not null && read is null)
        {
            return new AdminError(409, "config_fixed", "This gateway's configuration was made for it, and no other can be tried.");
        }
        if (Interlocked.Exchange(ref _isRunning, 1) != 0)
        {
            return new AdminError(409, "dry_run_under_way", "One dry run at a time: another is under way. Try again when it has ended.");
        }
        try
        {
            // The journal's readers see files, not what is still to be written.
            await journal.WaitDurableAsync(journal.LastSequence);
            return await Task.Run(() => Run(query));
        }
        catch (Exception fault) when (fault is StorageException or InvalidDataException or IOException or UnauthorizedAccessException or FormatException)
        {
            return new AdminError(503, "journal_unreadable", fault.Message);
        }
        finally
        {
            Volatile.Write(ref _isRunning, 0);
        }
    }

    private DryRunAnswer Run(DryRunQuery query)
    {
        var current = inForce();
        var loaded = query.Config is { } json ? TrialConfig.Load(json, current.Config!, read!) : current;
        if (loaded.Config is null)
        {
            return new DryRunAnswer(loaded.Faults, null);
        }
        var report = DryRun.Of(loaded, JournalReader.Read(current.Config!.DataDirectory, query.Last, pepper));
        return new DryRunAnswer([], json => DryRunJson.Write(json, report));
    }
}
