using System.Buffers;
using System.Globalization;
using EdgeGw.Configuration;
using EdgeGw.Storage;
using Microsoft.Win32.SafeHandles;

namespace EdgeGw.Audit;

/// <summary>
/// An append-only log of what was changed and refused, in the data folder: lines chained by their hashes over all segments, and a head that says
/// how far they go. A write that fails is counted, told, and noted in the chain by the next one that succeeds; nothing else waits for it or fails.
/// </summary>
public sealed class AuditLog : IDisposable
{
    private const long DefaultSegmentBytes = 4 << 20;
    private const int MostPending = 256;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestSegment = TimeSpan.FromDays(30);

    private readonly Lock _writing = new();
    private readonly string _folder;
    private readonly AuditConfig _config;
    private readonly TimeProvider _time;
    private readonly Action? _beforeDiskCall;
    private readonly long _segmentBytes;
    private readonly AuditPending _pending = new(MostPending);
    private readonly ITimer _timer;
    private readonly List<AuditSegment> _segments;
    private readonly string? _damage;
    private SafeFileHandle? _segment;
    private long _length;
    private long _first;
    private string _previous;
    private long _last;
    private string _hash;
    private bool _needsSegment;
    private bool _tailUnsure = true;
    private bool _isDamageNoted;
    private long _lost;

    /// <summary>Opens the log of a data folder that this process holds. The folder and its first segment are made by the first line.</summary>
    /// <param name="beforeDiskCall">A seam for tests: called before each call that changes the disk; an <see cref="IOException"/> from it is that call's failure.</param>
    /// <param name="segmentBytes">Beyond this the next line begins a segment.</param>
    /// <exception cref="IOException">The files cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">They may not be read.</exception>
    public AuditLog(string dataFolder, AuditConfig config, TimeProvider time, Action? beforeDiskCall = null, long segmentBytes = DefaultSegmentBytes)
    {
        _folder = AuditFiles.FolderOf(dataFolder);
        (_config, _time, _beforeDiskCall, _segmentBytes) = (config, time, beforeDiskCall, segmentBytes);
        (_segments, _first, _previous, _last, _hash, _length, _damage) = AuditRecovery.Of(_folder);
        _needsSegment = _segments.Count == 0 || _damage is not null;
        _timer = time.CreateTimer(static log => ((AuditLog)log!).Flush(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Told of each failed write, with how many entries are lost by it.</summary>
    public Action<Exception, long>? Failed { get; set; }

    /// <summary>Told of each refusal that had no room in its second.</summary>
    public Action? Dropped { get; set; }

    /// <summary>Writes an entry. When it returns the line is on disk, or <see cref="Failed"/> was told. Never throws.</summary>
    public Task WriteAsync(AuditEntry entry) => Task.Run(() => Write(entry));

    /// <inheritdoc cref="WriteAsync"/>
    /// <remarks>Waits for the disk on the caller's own thread.</remarks>
    public void Write(AuditEntry entry) => Append([entry]);

    /// <summary>Leaves a refusal to be written within a second, with how often it happened. Never waits for the disk.</summary>
    public void Refused(string actor, string action, string target)
    {
        if (_pending.Add(actor, action, target, out var isDropped))
        {
            _timer.Change(Pause, Timeout.InfiniteTimeSpan);
        }
        if (isDropped)
        {
            Dropped?.Invoke();
        }
    }

    /// <summary>The newest lines that a question matches, newest first.</summary>
    public IReadOnlyList<string> Query(AuditQuery query) => AuditReader.Read(_folder, query);

    /// <summary>Writes what requests have left so far.</summary>
    public void Flush()
    {
        if (_pending.Take() is { Count: > 0 } entries)
        {
            Append(entries);
        }
    }

    /// <summary>Writes what is left and closes the file.</summary>
    public void Dispose()
    {
        _timer.Dispose();
        Flush();
        lock (_writing)
        {
            _segment?.Dispose();
            _segment = null;
        }
    }

    private void Append(List<AuditEntry> entries)
    {
        lock (_writing)
        {
            try
            {
                Write(entries);
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                var lost = entries.Sum(static entry => entry.Count);
                _lost += lost;
                Failed?.Invoke(fault, lost);
            }
        }
    }

    private void Write(List<AuditEntry> entries)
    {
        var now = _time.GetUtcNow();
        OpenSegment(now);
        var lines = new ArrayBufferWriter<byte>();
        var (last, hash) = (_last, _hash);
        if (_damage is not null && !_isDamageNoted)
        {
            Add(new AuditEntry(AuditEntry.Gateway, AuditVerifier.DamagedAction, _folder) { Result = _damage });
        }
        if (_lost > 0)
        {
            Add(new AuditEntry(AuditEntry.Gateway, "audit.lost", "entries") { Count = _lost });
        }
        entries.ForEach(Add);
        var expired = ExpiredSegments(now);
        if (expired > 0)
        {
            Add(new AuditEntry(AuditEntry.Gateway, "audit.trim", string.Create(CultureInfo.InvariantCulture, $"{_first}-{_segments[expired].First - 1}")));
        }
        // Whatever an earlier attempt left behind the last whole line would otherwise stand behind these.
        _beforeDiskCall?.Invoke();
        if (_tailUnsure)
        {
            RandomAccess.SetLength(_segment!, _length);
        }
        _tailUnsure = true;
        _beforeDiskCall?.Invoke();
        RandomAccess.Write(_segment!, lines.WrittenSpan, _length);
        _beforeDiskCall?.Invoke();
        DurableFile.SyncData(_segment!);
        var (first, previous) = expired > 0 ? (_segments[expired].First, PreviousOf(_segments[expired].First, lines.WrittenSpan)) : (_first, _previous);
        new AuditHead(first, previous, last, hash).Save(_folder, _beforeDiskCall);
        (_first, _previous, _last, _hash, _length, _lost) = (first, previous, last, hash, _length + lines.WrittenCount, 0);
        (_tailUnsure, _isDamageNoted) = (false, true);
        _segments[^1] = _segments[^1] with { Ended = now };
        RemoveSegments(expired);

        void Add(AuditEntry entry) => hash = AuditLine.Write(lines, ++last, hash, now, entry);
    }

    private void OpenSegment(DateTimeOffset now)
    {
        if (_needsSegment || _length >= _segmentBytes || now - _segments[^1].Begun > SegmentAge)
        {
            var first = _last + 1;
            _beforeDiskCall?.Invoke();
            DurableFile.CreateFolder(Path.GetDirectoryName(_folder)!);
            DurableFile.CreateFolder(_folder);
            if (_segments.Count == 0)
            {
                // Before any line: else a removed head could not be told from one that was not yet written.
                new AuditHead(_first, _previous, _last, _hash).Save(_folder, _beforeDiskCall);
            }
            var segment = DurableFile.OpenPrivate(AuditFiles.Segment(_folder, first), FileMode.Create);
            _segment?.Dispose();
            (_segment, _length, _needsSegment, _tailUnsure) = (segment, 0, false, true);
            if (_segments.Count == 0 || _segments[^1].First != first)
            {
                _segments.Add(new AuditSegment(first, now, now));
            }
            _beforeDiskCall?.Invoke();
            DurableFile.SyncFolder(_folder);
        }
        _segment ??= DurableFile.OpenPrivate(AuditFiles.Segment(_folder, _segments[^1].First), FileMode.Open);
    }

    /// <summary>So that what is to be forgotten is in a segment of its own soon enough.</summary>
    private TimeSpan SegmentAge => _config.Keep / 8 < LongestSegment ? _config.Keep / 8 : LongestSegment;

    /// <summary>How many segments at the front hold nothing that is to be kept.</summary>
    private int ExpiredSegments(DateTimeOffset now)
    {
        var count = 0;
        while (count + 1 < _segments.Count
            && (now - _segments[count].Ended > _config.Keep || (_segments.Count - count) * _segmentBytes > Math.Max(_config.MaxBytes, 2 * _segmentBytes)))
        {
            count++;
        }
        return count;
    }

    /// <summary>The hash before a segment's first line, which may be among those that are just written.</summary>
    private string PreviousOf(long first, ReadOnlySpan<byte> written)
    {
        var content = first > _last ? written : AuditFiles.Read(_folder, first);
        var end = content.IndexOf((byte)'\n');
        return end > 0 && AuditLine.TryRead(content[..end], out var line) ? System.Text.Encoding.ASCII.GetString(line.Previous) : AuditLine.NoHash;
    }

    /// <summary>The head has given them up: one that cannot be removed now is removed at the next start.</summary>
    private void RemoveSegments(int count)
    {
        var given = _segments.GetRange(0, count);
        _segments.RemoveRange(0, count);
        try
        {
            given.ForEach(segment => File.Delete(AuditFiles.Segment(_folder, segment.First)));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            Failed?.Invoke(fault, 0);
        }
    }
}
