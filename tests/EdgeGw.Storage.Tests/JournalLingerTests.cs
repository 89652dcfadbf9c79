using EdgeGw.Storage.CrashWriter;

namespace EdgeGw.Storage.Tests;

/// <summary>Lazy records: what makes them durable. A linger of a day stands for "never by itself", so nothing here depends on timing.</summary>
public sealed class JournalLingerTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static JournalOptions NeverByItself => JournalOf.SmallOptions with { Linger = TimeSpan.FromDays(1) };

    [Fact]
    public async Task Lazy_records_go_to_disk_with_the_next_urgent_one_in_a_single_write()
    {
        using TempFolder temp = new();
        using DataFolder folder = DataFolder.Open(temp.Path);
        ControlledFiles? files = null;
        await using Journal journal = Open(folder, NeverByItself, made => files = made);
        await journal.WaitDurableAsync(journal.Append(1, 1, [1]));
        int before = files!.Calls;
        for (int i = 0; i < 10; i++) journal.AppendLazily(2, 1, [2]);
        await journal.WaitDurableAsync(journal.Append(1, 1, [3])).AsTask().WaitAsync(Patience);
        Assert.Equal(12, journal.DurableSequence);
        // One write and one sync: had any lazy record started a commit, there would be more.
        Assert.Equal(before + 2, files.Calls);
    }

    [Fact]
    public async Task Lazy_record_alone_is_written_when_the_linger_is_over()
    {
        using TempFolder temp = new();
        using DataFolder folder = DataFolder.Open(temp.Path);
        ControlledFiles? files = null;
        await using Journal journal = Open(folder, JournalOf.SmallOptions with { Linger = TimeSpan.FromMilliseconds(1) }, made => files = made);
        for (int i = 1; i <= 20; i++)
        {
            files!.MayWrite.Reset();
            files.WriteWaits.Reset();
            journal.AppendLazily(1, 1, [1]);
            Assert.True(files.WriteWaits.Wait(Patience));
            files.MayWrite.Set();
            await journal.WaitDurableAsync(i).AsTask().WaitAsync(Patience);
        }
    }

    [Fact]
    public async Task WaitDurable_of_a_lazy_record_does_not_wait_for_the_linger()
    {
        using TempFolder temp = new();
        using DataFolder folder = DataFolder.Open(temp.Path);
        await using Journal journal = Journal.Open(folder, NeverByItself);
        for (int i = 1; i <= 20; i++)
        {
            journal.AppendLazily(1, 1, [1]);
            await journal.WaitDurableAsync(journal.AppendLazily(1, 1, [2])).AsTask().WaitAsync(Patience);
            Assert.Equal(2 * i, journal.DurableSequence);
        }
    }

    [Fact]
    public async Task WaitDurable_of_a_lazy_record_appended_while_a_commit_runs_is_served_by_the_next()
    {
        using TempFolder temp = new();
        using DataFolder folder = DataFolder.Open(temp.Path);
        ControlledFiles? files = null;
        await using Journal journal = Open(folder, NeverByItself, made => files = made);
        files!.MayWrite.Reset();
        journal.Append(1, 1, [1]);
        Assert.True(files.WriteWaits.Wait(Patience));
        long lazy = journal.AppendLazily(1, 1, [2]);
        Task wait = journal.WaitDurableAsync(lazy).AsTask();
        Assert.False(wait.IsCompleted);
        files.MayWrite.Set();
        await wait.WaitAsync(Patience);
        Assert.Equal(2, journal.DurableSequence);
    }

    [Fact]
    public async Task Dispose_and_truncate_leave_no_lazy_record_behind()
    {
        using TempFolder temp = new();
        using DataFolder folder = DataFolder.Open(temp.Path);
        Journal journal = Journal.Open(folder, NeverByItself);
        journal.AppendLazily(1, 1, [1]);
        JournalPosition first = journal.Position;
        journal.AppendLazily(1, 1, [2]);
        await journal.TruncateAsync(first).WaitAsync(Patience);
        for (int i = 0; i < 100; i++) journal.AppendLazily(1, 1, [3]);
        await journal.DisposeAsync().AsTask().WaitAsync(Patience);
        await using Journal reopened = Journal.Open(folder, NeverByItself);
        Assert.Equal(102, reopened.LastSequence);
        int kept = 0;
        reopened.Replay(0, (in JournalRecord record) => kept++);
        Assert.Equal(101, kept);
    }

    [Fact]
    public async Task Lazy_records_that_fill_the_memory_are_written_without_waiting_for_the_linger()
    {
        using TempFolder temp = new();
        using DataFolder folder = DataFolder.Open(temp.Path);
        await using Journal journal = Journal.Open(folder, NeverByItself with { MemoryPages = 8 });
        await Task.Run(() =>
        {
            for (int i = 0; i < 500; i++) journal.AppendLazily(1, 1, JournalRoundTripTests.Payload(i, 1000));
        }).WaitAsync(Patience);
        await journal.WaitDurableAsync(500).AsTask().WaitAsync(Patience);
        Assert.Equal(500, TempFolder.ReadAll(journal).Count);
    }

    [Fact]
    public async Task Lazy_record_whose_write_fails_faults_the_journal()
    {
        using TempFolder temp = new();
        using DataFolder folder = DataFolder.Open(temp.Path);
        ControlledFiles? files = null;
        await using Journal journal = Open(folder, JournalOf.SmallOptions with { Linger = TimeSpan.FromMilliseconds(1) }, made => files = made);
        files!.FailAt = files.Calls + 1;
        journal.AppendLazily(1, 1, [1]);
        await journal.Faulted.WaitAsync(Patience);
        Assert.Throws<StorageException>(() => journal.AppendLazily(1, 1, [2]));
    }

    private static Journal Open(DataFolder folder, JournalOptions options, Action<ControlledFiles> made) =>
        Journal.Open(folder, options, journal =>
        {
            ControlledFiles files = new(new SegmentFiles(journal.Path, journal.SegmentBytes));
            made(files);
            return files;
        });
}
