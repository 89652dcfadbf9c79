using FsCheck;
using FsCheck.Fluent;

namespace EdgeGw.Storage.Tests;

public sealed class CheckpointStoreTests
{
    [Fact]
    public void LoadLatest_without_a_manifest_is_null()
    {
        using TempFolder temp = new();
        using DataFolder folder = DataFolder.Open(temp.Path);
        Assert.Null(new CheckpointStore(folder).LoadLatest());
    }

    [Fact]
    public void LoadLatest_gives_what_was_saved_last()
    {
        using TempFolder temp = new();
        using DataFolder folder = DataFolder.Open(temp.Path);
        CheckpointStore store = new(folder);
        Gen<CheckpointManifest> manifests =
            from counters in ArbMap.Default.GeneratorFor<Guid>()
            from address in ArbMap.Default.GeneratorFor<long>()
            from sequence in ArbMap.Default.GeneratorFor<long>()
            from before in ArbMap.Default.GeneratorFor<long?>()
            from sections in ArbMap.Default.GeneratorFor<Dictionary<NonNull<string>, byte[]>>()
            select new CheckpointManifest
            {
                Counters = counters,
                ReplayFromAddress = address,
                ReplayFromSequence = sequence,
                SequenceBefore = before < 0 ? null : before,
                Sections = sections.Where(section => IsValidText(section.Key.Get)).ToDictionary(
                    section => section.Key.Get, section => (ReadOnlyMemory<byte>)(section.Value ?? [])),
            };
        Prop.ForAll(manifests.ToArbitrary(), saved =>
        {
            store.Save(saved);
            CheckpointManifest loaded = store.LoadLatest()!;
            Assert.Equal((saved.Counters, saved.ReplayFromAddress, saved.ReplayFromSequence, saved.SequenceBefore),
                (loaded.Counters, loaded.ReplayFromAddress, loaded.ReplayFromSequence, loaded.SequenceBefore));
            Assert.Equal(saved.Sections.Count, loaded.Sections.Count);
            foreach ((string name, ReadOnlyMemory<byte> section) in saved.Sections) Assert.True(section.Span.SequenceEqual(loaded.Sections[name].Span));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void LoadLatest_of_version_1_does_not_know_the_sequence_before()
    {
        using TempFolder temp = new();
        using DataFolder folder = DataFolder.Open(temp.Path);
        byte[] body = [.. Guid.Empty.ToByteArray(), .. BitConverter.GetBytes(1234L), .. BitConverter.GetBytes(56L), .. BitConverter.GetBytes(0)];
        File.WriteAllBytes(Path.Combine(temp.Path, "checkpoint"), [.. "ECK1"u8, .. BitConverter.GetBytes(Crc32C.Compute(body)), .. body]);
        CheckpointManifest loaded = new CheckpointStore(folder).LoadLatest()!;
        Assert.Equal((1234L, 56L, null), (loaded.ReplayFromAddress, loaded.ReplayFromSequence, loaded.SequenceBefore));
    }

    [Fact]
    public void LoadLatest_after_any_flipped_bit_or_cut_is_refused()
    {
        using TempFolder temp = new();
        using DataFolder folder = DataFolder.Open(temp.Path);
        CheckpointStore store = new(folder);
        store.Save(new CheckpointManifest
        {
            Counters = Guid.NewGuid(),
            ReplayFromAddress = 1234,
            ReplayFromSequence = 56,
            Sections = new Dictionary<string, ReadOnlyMemory<byte>> { ["rollups"] = new byte[] { 1, 2, 3 }, [""] = default },
        });
        string path = Path.Combine(temp.Path, "checkpoint");
        byte[] right = File.ReadAllBytes(path);
        for (int bit = 0; bit < right.Length * 8; bit++)
        {
            byte[] wrong = [.. right];
            wrong[bit / 8] ^= (byte)(1 << (bit % 8));
            File.WriteAllBytes(path, wrong);
            Assert.Throws<StorageException>(() => store.LoadLatest());
        }

        for (int length = 0; length < right.Length; length++)
        {
            File.WriteAllBytes(path, right[..length]);
            Assert.Throws<StorageException>(() => store.LoadLatest());
        }
    }

    // Names are ours, never a caller's; a lone surrogate has no UTF-8.
    private static bool IsValidText(string text) =>
        !text.Any(char.IsSurrogate);
}
