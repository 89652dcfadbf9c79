using EdgeGw.Storage.CrashWriter;

namespace EdgeGw.Storage.Tests;

/// <summary>Any doubt at start-up stops the process with a message; nothing is silently emptied.</summary>
public sealed class JournalStartUpTests
{
    [Theory]
    [InlineData("commit")]
    [InlineData("format")]
    [InlineData("segment.0000000000")]
    [InlineData("segment.0000000001")]
    public async Task Open_without_one_of_its_files_refuses_and_names_it(string name)
    {
        using TempFolder temp = new();
        await FillAsync(temp);
        File.Delete(Path.Combine(temp.Journal, name));
        StorageException refused = await Assert.ThrowsAsync<StorageException>(() => temp.ReadJournalAsync());
        Assert.Contains(Path.Combine(temp.Journal, name), refused.Message, StringComparison.Ordinal);
        Assert.Contains("backup", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("commit")]
    [InlineData("format")]
    public async Task Open_with_garbage_for_one_of_its_files_refuses(string name)
    {
        using TempFolder temp = new();
        await FillAsync(temp);
        string path = Path.Combine(temp.Journal, name);
        await File.WriteAllBytesAsync(path, JournalRoundTripTests.Payload(1, (int)new FileInfo(path).Length));
        StorageException refused = await Assert.ThrowsAsync<StorageException>(() => temp.ReadJournalAsync());
        Assert.Contains(path, refused.Message, StringComparison.Ordinal);
        await File.WriteAllBytesAsync(path, []);
        await Assert.ThrowsAsync<StorageException>(() => temp.ReadJournalAsync());
    }

    [Fact]
    public async Task Open_with_one_torn_slot_of_the_commit_file_recovers_from_the_other()
    {
        for (int slot = 0; slot < 2; slot++)
        {
            using TempFolder temp = new();
            await FillAsync(temp);
            byte[] commit = await File.ReadAllBytesAsync(temp.Commit);
            commit.AsSpan(slot * 4096, 32).Fill(0xEE);
            await File.WriteAllBytesAsync(temp.Commit, commit);
            Assert.Equal(200, (await temp.ReadJournalAsync()).Count);
        }
    }

    [Fact]
    public async Task Open_without_the_journal_although_a_checkpoint_of_it_exists_refuses()
    {
        using TempFolder temp = new();
        await FillAsync(temp);
        using (DataFolder folder = DataFolder.Open(temp.Path))
        {
            new CheckpointStore(folder).Save(new CheckpointManifest { Counters = Guid.NewGuid(), ReplayFromAddress = 64, ReplayFromSequence = 0 });
        }

        Directory.Delete(temp.Journal, recursive: true);
        await Assert.ThrowsAsync<StorageException>(() => temp.ReadJournalAsync());
    }

    [Fact]
    public async Task Open_after_a_crash_while_the_journal_was_first_made_starts_over()
    {
        using TempFolder temp = new();
        Directory.CreateDirectory(temp.Journal + ".new");
        await File.WriteAllTextAsync(Path.Combine(temp.Journal + ".new", "commit"), "half");
        Assert.Empty(await temp.ReadJournalAsync());
        Assert.False(Directory.Exists(temp.Journal + ".new"));
    }

    [Fact]
    public async Task Open_keeps_the_page_and_segment_size_the_journal_was_made_with()
    {
        using TempFolder temp = new();
        await FillAsync(temp);
        Assert.Equal(200, (await temp.ReadJournalAsync(JournalOf.SmallOptions with { PageBytes = 8192, SegmentBytes = 1 << 20 })).Count);
    }

    [Theory]
    [InlineData(5000, 32, 65536)]
    [InlineData(4096, 4, 65536)]
    [InlineData(4096, 32, 2048)]
    public void Open_with_impossible_sizes_is_refused(int pageBytes, int memoryPages, int segmentBytes)
    {
        using TempFolder temp = new();
        using DataFolder folder = DataFolder.Open(temp.Path);
        Assert.Throws<ArgumentException>(() =>
            Journal.Open(folder, new JournalOptions { PageBytes = pageBytes, MemoryPages = memoryPages, SegmentBytes = segmentBytes }));
    }

    private static async Task FillAsync(TempFolder temp)
    {
        using DataFolder folder = DataFolder.Open(temp.Path);
        await using Journal journal = Journal.Open(folder, JournalOf.SmallOptions);
        for (int i = 0; i < 200; i++) journal.Append(1, 1, JournalRoundTripTests.Payload(i, 500));
    }
}
