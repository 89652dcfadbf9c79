using EdgeGw.Storage.CrashWriter;

namespace EdgeGw.Storage.Tests;

/// <summary>A start reads the journal from its checkpoint's replay address on; what lies before is trusted until verify-journal reads it.</summary>
public sealed class JournalFromCheckpointTests : IDisposable
{
    private const int Covered = 400;
    private const int Last = 900;

    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public async Task Damage_before_the_replay_address_lets_a_start_work_and_is_found_by_the_inspection()
    {
        CheckpointManifest checkpoint = await FillAsync();
        Flip(_temp.Segment(0), 5000);

        Assert.Equal(Enumerable.Range(Covered + 1, Last - Covered).Select(i => (long)i), await StartAsync(checkpoint));

        using StoredFolder stored = StoredFolder.Open(_temp.Path);
        StorageDamage damage = Assert.Single(stored.InspectJournal((in JournalRecord _) => { }).Damages);
        Assert.Contains(_temp.Segment(0), damage.Place, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Damage_before_the_replay_address_of_an_earlier_builds_checkpoint_refuses_the_start()
    {
        CheckpointManifest checkpoint = await FillAsync();
        Flip(_temp.Segment(0), 5000);
        await Assert.ThrowsAsync<StorageException>(() => StartAsync(checkpoint with { SequenceBefore = null }));
    }

    [Fact]
    public async Task Checkpoint_of_an_earlier_build_replays_the_same_records()
    {
        CheckpointManifest checkpoint = await FillAsync();
        Assert.Equal(await StartAsync(checkpoint), await StartAsync(checkpoint with { SequenceBefore = null }));
    }

    [Fact]
    public async Task Zeros_over_the_first_records_after_the_replay_address_refuse_the_start()
    {
        CheckpointManifest checkpoint = await FillAsync();
        const int Page = 4096;
        string segment = _temp.Segment((int)(checkpoint.ReplayFromAddress / (64 << 10)));
        int offset = (int)(checkpoint.ReplayFromAddress % (64 << 10));
        byte[] content = await File.ReadAllBytesAsync(segment);
        // To the page's end, which looks like the padding behind its last record.
        content.AsSpan(offset, Page - (offset % Page)).Clear();
        await File.WriteAllBytesAsync(segment, content);
        await Assert.ThrowsAsync<StorageException>(() => StartAsync(checkpoint));
    }

    [Fact]
    public async Task Journal_older_than_the_checkpoint_refuses_the_start()
    {
        await FillAsync();
        using TempFolder older = _temp.Copy();
        CheckpointManifest newer = await FillAsync();
        _temp.CopyFrom(older);
        StorageException refused = await Assert.ThrowsAsync<StorageException>(() => StartAsync(newer));
        Assert.Contains("older or newer", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Journal_without_the_last_record_that_the_counters_hold_refuses_the_start()
    {
        CheckpointManifest checkpoint = await FillAsync();
        StorageException refused = await Assert.ThrowsAsync<StorageException>(() => StartAsync(checkpoint with { ReplayFromSequence = Last + 1 }));
        Assert.Contains("older or newer", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replay_address_before_what_the_counters_hold_replays_from_there()
    {
        CheckpointManifest checkpoint = await FillAsync(floorAt: 100);
        Assert.Equal((100L, (long)Covered), (checkpoint.SequenceBefore!.Value, checkpoint.ReplayFromSequence));
        Assert.Equal(Enumerable.Range(101, Last - 100).Select(i => (long)i), await StartAsync(checkpoint));
    }

    /// <summary>Records before and after a checkpoint, whose replay starts at an earlier one where a hold is open.</summary>
    private async Task<CheckpointManifest> FillAsync(int floorAt = Covered)
    {
        using DataFolder folder = DataFolder.Open(_temp.Path);
        await using Journal journal = Journal.Open(folder, JournalOf.SmallOptions);
        using CounterStore<TestCounter> counters = CounterStore<TestCounter>.Open(folder, TestLedger.SmallCounters, null);
        Append(journal, floorAt);
        long floor = journal.Position.Address;
        Append(journal, Covered - floorAt);
        CheckpointManifest checkpoint = await Checkpointer.TakeAsync(
            journal, counters, new CheckpointStore(folder), journal.Position with { Address = floor });
        Append(journal, Last - Covered);
        return checkpoint;
    }

    private static void Append(Journal journal, int records)
    {
        for (int i = 0; i < records; i++) journal.Append(1, 1, JournalRoundTripTests.Payload(i, 500));
    }

    private async Task<List<long>> StartAsync(CheckpointManifest checkpoint)
    {
        using DataFolder folder = DataFolder.Open(_temp.Path);
        List<long> visited = [];
        await using Journal journal = Journal.Open(folder, JournalOf.SmallOptions, checkpoint, (in JournalRecord record) => visited.Add(record.Sequence));
        return visited;
    }

    private static void Flip(string path, int offset)
    {
        byte[] content = File.ReadAllBytes(path);
        content[offset] ^= 1;
        File.WriteAllBytes(path, content);
    }
}
