using System.Globalization;
using System.Text;

namespace EdgeGw.Storage;

/// <summary>
/// The journal's folder and its format file, which fixes page and segment size. The folder is made under another name and renamed when
/// complete, so an existing one always has all its files: one that is missing later was lost.
/// </summary>
internal sealed record JournalFolder(string Path, int PageBytes, int SegmentBytes)
{
    internal const string CommitName = "commit";
    private const string FolderName = "journal";
    private const string FormatName = "format";
    private const string FormatLine = "edgegw-journal 1";

    internal string CommitPath => System.IO.Path.Combine(Path, CommitName);

    internal static JournalFolder OpenOrCreate(DataFolder folder, JournalOptions options)
    {
        string path = folder.Combine(FolderName);
        if (Directory.Exists(path)) return Open(folder.Path);
        if (File.Exists(folder.Combine(CheckpointStore.FileName)))
        {
            throw new StorageException($"{path} is missing although a checkpoint of it exists; restore the whole data folder from a "
                + "backup, or move it away to start as a new node");
        }

        string unfinished = path + ".new";
        if (Directory.Exists(unfinished)) Directory.Delete(unfinished, recursive: true);
        DurableFile.CreateFolder(unfinished);
        JournalCommitFile.Create(System.IO.Path.Combine(unfinished, CommitName));
        using (SegmentFiles files = new(unfinished, options.SegmentBytes)) files.Allocate(0);
        DurableFile.Replace(System.IO.Path.Combine(unfinished, FormatName), Format(options.PageBytes, options.SegmentBytes));
        Directory.Move(unfinished, path);
        DurableFile.SyncFolder(folder.Path);
        return new JournalFolder(path, options.PageBytes, options.SegmentBytes);
    }

    /// <exception cref="StorageException">There is no journal, or its format file is damaged.</exception>
    internal static JournalFolder Open(string dataFolder)
    {
        string path = System.IO.Path.Combine(dataFolder, FolderName);
        if (!Directory.Exists(path)) throw new StorageException($"{path} is missing: no node has ever run with this data folder; give the data_dir of a gateway");
        string formatPath = System.IO.Path.Combine(path, FormatName);
        if (!File.Exists(formatPath)) throw Damaged($"{formatPath} is missing although the journal exists");
        string[] lines = File.ReadAllLines(formatPath);
        if (lines.Length == 4 && lines[0] == FormatLine
            && TryNumber(lines[1], "page ", out int pageBytes)
            && TryNumber(lines[2], "segment ", out int segmentBytes)
            && File.ReadAllBytes(formatPath).AsSpan().SequenceEqual(Format(pageBytes, segmentBytes)))
        {
            return new JournalFolder(path, pageBytes, segmentBytes);
        }

        throw Damaged($"{formatPath} is damaged or of a newer version than this program");
    }

    private static StorageException Damaged(string what) =>
        new($"{what}; restore the whole data folder from a backup, or move it away to start empty");

    private static bool TryNumber(string line, string prefix, out int number)
    {
        number = 0;
        return line.StartsWith(prefix, StringComparison.Ordinal)
            && int.TryParse(line.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    private static byte[] Format(int pageBytes, int segmentBytes)
    {
        string text = string.Create(CultureInfo.InvariantCulture, $"{FormatLine}\npage {pageBytes}\nsegment {segmentBytes}\n");
        return Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture,
            $"{text}crc {Crc32C.Compute(Encoding.ASCII.GetBytes(text)):x8}\n"));
    }
}
