using System.Text;
using EdgeGw.Audit;
using EdgeGw.Configuration;
using EdgeGw.Storage.Tests;
using EdgeGw.Tests.Upstream;

namespace EdgeGw.Tests.Audit;

/// <summary>A data folder with an audit log of small segments, on a clock and a disk of the test's own.</summary>
internal sealed class AuditFixture : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("edgegw-audit-");

    public ManualTime Time { get; } = new();

    public DiskCallFault Disk { get; } = new();

    public AuditConfig Config { get; init; } = new();

    public long SegmentBytes { get; init; } = 1200;

    public string DataFolder => _folder.FullName;

    public string Folder => Path.Combine(_folder.FullName, "audit");

    public string[] Segments => [.. Directory.GetFiles(Folder, "*.jsonl").Order(StringComparer.Ordinal)];

    /// <summary>Oldest first.</summary>
    public string[] Lines => [.. AuditReader.ReadFolder(DataFolder, new AuditQuery()).Reverse()];

    public AuditVerification Verification => AuditVerifier.VerifyFolder(DataFolder);

    public AuditLog Open() => new(DataFolder, Config, Time, Disk.Before, SegmentBytes);

    public AuditFixture With(int lines)
    {
        using var log = Open();
        for (var i = 1; i <= lines; i++)
        {
            log.Write(new AuditEntry("token:5f2a90c1", "key.create", $"key_{i}") { After = json => json.WriteStringValue("x") });
        }
        return this;
    }

    /// <summary>Rewrites the lines of the segment that holds a line.</summary>
    /// <param name="number">From 1.</param>
    public void Edit(int number, Action<List<string>, int> edit)
    {
        var first = 1;
        foreach (var path in Segments)
        {
            var lines = File.ReadAllText(path).Split('\n').ToList();
            if (number < first + lines.Count - 1)
            {
                edit(lines, number - first);
                File.WriteAllText(path, string.Join('\n', lines), new UTF8Encoding(false));
                return;
            }
            first += lines.Count - 1;
        }
        throw new ArgumentOutOfRangeException(nameof(number));
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
