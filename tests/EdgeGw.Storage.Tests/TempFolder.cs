namespace EdgeGw.Storage.Tests;

/// <summary>A folder for one test, removed with what is in it.</summary>
internal sealed class TempFolder : IDisposable
{
    internal string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), "edgegw-storage-" + Guid.NewGuid().ToString("N"));

    internal string Journal => System.IO.Path.Combine(Path, "journal");

    internal string Commit => System.IO.Path.Combine(Journal, "commit");

    internal string Segment(int number) => System.IO.Path.Combine(Journal, SegmentFiles.NameOf(number));

    internal TempFolder Copy()
    {
        TempFolder copy = new();
        copy.CopyFrom(this);
        return copy;
    }

    /// <summary>Makes this folder hold what the other one holds, and nothing else.</summary>
    internal void CopyFrom(TempFolder other)
    {
        Dispose();
        foreach (string file in Directory.EnumerateFiles(other.Path, "*", SearchOption.AllDirectories))
        {
            if (System.IO.Path.GetFileName(file) == "lock") continue;
            string target = System.IO.Path.Combine(Path, System.IO.Path.GetRelativePath(other.Path, file));
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    /// <summary>Opens the journal, reads all of it, and gives each record as (type, version, payload).</summary>
    internal async Task<List<(byte Type, byte Version, byte[] Payload)>> ReadJournalAsync(JournalOptions? options = null)
    {
        using DataFolder folder = DataFolder.Open(Path);
        await using Journal journal = EdgeGw.Storage.Journal.Open(folder, options ?? CrashWriter.JournalOf.SmallOptions);
        return ReadAll(journal);
    }

    internal static List<(byte Type, byte Version, byte[] Payload)> ReadAll(Journal journal)
    {
        List<(byte Type, byte Version, byte[] Payload)> records = [];
        journal.Replay(0, (in JournalRecord record) =>
        {
            Assert.Equal(records.Count + 1, record.Sequence);
            records.Add((record.Type, record.Version, record.Payload.ToArray()));
        });
        return records;
    }

    public void Dispose()
    {
        if (Directory.Exists(Path)) Directory.Delete(Path, recursive: true);
    }
}
