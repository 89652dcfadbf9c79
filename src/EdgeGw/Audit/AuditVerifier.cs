using System.Text;

namespace EdgeGw.Audit;

/// <summary>Reads the whole log and says what is wrong with it. The folder need not be held: a log that is being written to is read up to its head at least.</summary>
public static class AuditVerifier
{
    internal const string DamagedAction = "audit.damaged";

    /// <exception cref="IOException">It cannot be read.</exception>
    public static AuditVerification VerifyFolder(string dataFolder)
    {
        var folder = AuditFiles.FolderOf(dataFolder);
        // The head first: what it names is in the segments that are read after it.
        var head = AuditHead.Load(folder);
        var segments = AuditFiles.Segments(folder);
        if (head is null && segments.Count == 0)
        {
            return new AuditVerification(0, 0, 0, "", []);
        }
        var chain = new Chain(head, head?.First ?? segments[0]);
        while (segments.Count > 1 && segments[1] <= head?.First)
        {
            // Given up, and a crash came before its removal.
            segments.RemoveAt(0);
        }
        for (var i = 0; i < segments.Count; i++)
        {
            chain.Read(segments[i], AuditFiles.Read(folder, segments[i]), isLast: i == segments.Count - 1);
        }
        return chain.Finish();
    }

    private sealed class Chain(AuditHead? head, long first)
    {
        private readonly List<string> _damages = head is null ? ["the file \"head\" is missing or changed: nobody can say where the log begins and ends"] : [];
        private readonly long _first = first;
        private long _expected = first;
        private string? _previous = head?.Previous;
        private long _lines;
        private bool _headSeen = head is { Last: 0, LastHash: var none } && none == AuditLine.NoHash;

        public void Read(long segment, ReadOnlySpan<byte> content, bool isLast)
        {
            if (segment != _expected)
            {
                Missing(segment);
                (_expected, _previous) = (segment, null);
            }
            while (content.Length > 0)
            {
                var length = content.IndexOf((byte)'\n');
                if (length < 0)
                {
                    // A crash, or the writer at work: nothing beyond the head was promised to anybody.
                    if (!isLast || head is null || _expected <= head.Last)
                    {
                        _damages.Add($"line {_expected} is cut off");
                    }
                    return;
                }
                ReadLine(content[..length]);
                content = content[(length + 1)..];
            }
        }

        public AuditVerification Finish()
        {
            if (head is not null && !_headSeen)
            {
                _damages.Add(_expected <= head.Last
                    ? $"the end is missing: lines {_expected} to {head.Last}"
                    : $"line {head.Last}, which the head names, is missing");
            }
            return new AuditVerification(_lines, _first, _expected - 1, _previous ?? "", _damages);
        }

        private void ReadLine(ReadOnlySpan<byte> bytes)
        {
            _lines++;
            if (!AuditLine.TryRead(bytes, out var line))
            {
                _damages.Add($"line {_expected} is not a line of this log");
                (_expected, _previous) = (_expected + 1, null);
                return;
            }
            if (!line.IsIntact)
            {
                _damages.Add($"line {_expected} was changed: its hash is not that of its content");
                (_expected, _previous) = (_expected + 1, null);
                return;
            }
            if (line.Sequence != _expected)
            {
                Missing(line.Sequence);
            }
            else if (_previous is not null && !line.Previous.SequenceEqual(Encoding.ASCII.GetBytes(_previous)))
            {
                _damages.Add($"line {line.Sequence} does not follow the line before it: one of the two was replaced");
            }
            if (line.Sequence == head?.Last)
            {
                _headSeen = true;
                if (!line.Hash.SequenceEqual(Encoding.ASCII.GetBytes(head.LastHash)))
                {
                    _damages.Add($"line {line.Sequence} is not the one that the head names");
                }
            }
            if (bytes.IndexOf("\"action\":\"audit.damaged\""u8) >= 0)
            {
                _damages.Add($"line {line.Sequence}: the gateway found the log damaged when it started");
            }
            (_expected, _previous) = (line.Sequence + 1, Encoding.ASCII.GetString(line.Hash));
        }

        private void Missing(long found) => _damages.Add(found > _expected
            ? $"lines {_expected} to {found - 1} are missing"
            : $"line {found} stands where line {_expected} should: lines were exchanged or repeated");
    }
}

/// <summary>What a verification found.</summary>
/// <param name="Lines">How many were read.</param>
/// <param name="First">The first that is kept; 0: the log is empty.</param>
/// <param name="Last">The last; 0: the log is empty.</param>
/// <param name="Hash">The last one's hash. Who notes it elsewhere can tell later that nothing up to it was rewritten.</param>
/// <param name="Damages">Everything that is wrong, in order; empty: the log is intact.</param>
public sealed record AuditVerification(long Lines, long First, long Last, string Hash, IReadOnlyList<string> Damages);
