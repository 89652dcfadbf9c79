using System.Globalization;
using EdgeGw.Budgets;
using EdgeGw.Storage;
using EdgeGw.Telemetry.Rollups;

namespace EdgeGw.Hosting;

/// <summary>Checks a stopped node's folder from end to end, changing nothing in it.</summary>
internal static class JournalVerifier
{
    private const string Restore = "restore the data folder from a backup";

    /// <exception cref="StorageException">The folder is in use, or is none.</exception>
    public static async Task<JournalReport> VerifyAsync(string path)
    {
        using var folder = StoredFolder.Open(path);
        var audit = new JournalAudit();
        var journal = folder.InspectJournal(audit.Visit);
        var damages = new List<StorageDamage>([.. journal.Damages, .. audit.Damages]);
        var manifest = LoadCheckpoint(folder, damages);
        CheckPlace(folder, journal, manifest, damages);
        if (manifest is not null)
        {
            damages.AddRange(folder.InspectCounters(manifest.Counters));
        }
        // What is damaged cannot be replayed; its sums would only repeat the finding.
        int? compared = damages.Count == 0 && manifest is not null ? await CompareAsync(folder, journal, audit, manifest, damages) : null;
        return new JournalReport
        {
            Folder = folder.Path,
            Journal = journal,
            Audit = audit,
            Checkpoint = manifest,
            SlotsCompared = compared,
            Damages = damages,
        };
    }

    private static CheckpointManifest? LoadCheckpoint(StoredFolder folder, List<StorageDamage> damages)
    {
        try
        {
            return LedgerSections.Usable(folder.LoadCheckpoint());
        }
        catch (StorageException fault)
        {
            damages.Add(new StorageDamage(Path.Combine(folder.Path, "checkpoint"), fault.Message, Restore));
            return null;
        }
    }

    private static void CheckPlace(StoredFolder folder, JournalInspection journal, CheckpointManifest? manifest, List<StorageDamage> damages)
    {
        var place = Path.Combine(folder.Path, "checkpoint");
        if (manifest is null)
        {
            if (journal.FirstSequence > 1 && damages.Count == 0)
            {
                damages.Add(new StorageDamage(place, $"missing, and the journal begins only with record {journal.FirstSequence}", Restore));
            }
        }
        else if (manifest.ReplayFromAddress < journal.BeginAddress || manifest.ReplayFromAddress > journal.EndAddress
            || manifest.ReplayFromSequence > journal.LastSequence)
        {
            damages.Add(new StorageDamage(place,
                string.Create(CultureInfo.InvariantCulture, $"covers record {manifest.ReplayFromSequence}, which the journal beside it does not hold"),
                Restore + ", all of it from the same one"));
        }
    }

    /// <summary>Recovers a copy as a start would, and compares every slot whose whole history is in the journal.</summary>
    private static async Task<int> CompareAsync(
        StoredFolder folder, JournalInspection journal, JournalAudit audit, CheckpointManifest manifest, List<StorageDamage> damages)
    {
        var copy = Directory.CreateTempSubdirectory("edgegw-verify-");
        try
        {
            folder.CopyCountersTo(copy.FullName);
            using var copied = DataFolder.Open(copy.FullName);
            using var slots = CounterStore<BudgetSlot>.Open(copied, new CounterStoreOptions(), manifest.Counters);
            var sections = LedgerSections.Read(manifest);
            var replay = new LedgerReplay(slots, sections.Rollup, sections.Scopes, sections.Deferred, sections.Raises, manifest.ReplayFromSequence, hasher: null);
            folder.Replay(manifest.ReplayFromAddress, journal.EndAddress, replay.Apply);
            replay.Finish();
            Compare(folder, audit, slots, sections.Rollup, damages);
            return audit.KnownSlots.Count();
        }
        catch (Exception fault) when (fault is StorageException or InvalidDataException or OverflowException)
        {
            damages.Add(new StorageDamage(Path.Combine(folder.Path, "counters"), $"a start from them fails: {fault.Message}", Restore));
            return 0;
        }
        finally
        {
            await Task.Run(() => copy.Delete(recursive: true));
        }
    }

    private static void Compare(
        StoredFolder folder, JournalAudit audit, CounterStore<BudgetSlot> slots, UsageRollup rollup, List<StorageDamage> damages)
    {
        const string Advice = "keep the folder and report it: this is a defect of the program; the journal is right";
        foreach (var (key, expected) in audit.KnownSlots)
        {
            slots.TryRead(key, out var found);
            if ((found.Spent, found.Held, found.Overrun) != (expected.Spent, expected.Held, expected.Overrun))
            {
                damages.Add(new StorageDamage($"counter {key.High:x16}{key.Low:x16}",
                    string.Create(CultureInfo.InvariantCulture, $"is {found.Spent} spent, {found.Held} held, {found.Overrun} overrun; the journal says {expected.Spent}, {expected.Held}, {expected.Overrun}"),
                    Advice));
            }
        }
        var recorded = rollup.Report([], DateTimeOffset.MinValue, DateTimeOffset.MaxValue).Total.CostNanoUsd;
        if (audit.IsComplete && recorded != audit.Recorded)
        {
            damages.Add(new StorageDamage(Path.Combine(folder.Path, "checkpoint"),
                string.Create(CultureInfo.InvariantCulture, $"usage totals say {recorded} nano-dollars; the journal says {audit.Recorded}"), Advice));
        }
    }
}
