namespace EdgeGw.Storage.Tests;

/// <summary>Real segment files with a hand on them: writes can be held back, and the k-th call of a kind can fail for good.</summary>
internal sealed class ControlledFiles(ISegmentFiles inner) : ISegmentFiles
{
    private int _calls;

    /// <summary>Writes wait while this is not set.</summary>
    internal ManualResetEventSlim MayWrite { get; } = new(initialState: true);

    /// <summary>Set by a write that waits.</summary>
    internal ManualResetEventSlim WriteWaits { get; } = new();

    /// <summary>Which call fails, counted from 1 over writes, syncs, allocations and removals; 0 for none. All after it fail, too, when sticky.</summary>
    internal int FailAt { get; set; }

    internal bool Sticky { get; set; } = true;

    /// <summary>Bytes of a failing write that still reach the file.</summary>
    internal int ShortWriteBytes { get; set; }

    internal int Calls => _calls;

    /// <summary>Writes and syncs that were tried after the first failure.</summary>
    internal int CallsAfterFailure { get; private set; }

    public void Allocate(int segment)
    {
        ThrowIfDue();
        inner.Allocate(segment);
    }

    public void Read(int segment, long offset, Span<byte> destination) => inner.Read(segment, offset, destination);

    public long NextData(int segment, long offset) => inner.NextData(segment, offset);

    public void Write(int segment, long offset, ReadOnlySpan<byte> source)
    {
        if (!MayWrite.IsSet)
        {
            WriteWaits.Set();
            MayWrite.Wait();
        }

        try
        {
            ThrowIfDue();
        }
        catch (IOException)
        {
            inner.Write(segment, offset, source[..Math.Min(source.Length, ShortWriteBytes)]);
            throw;
        }

        inner.Write(segment, offset, source);
    }

    public void Sync(int segment)
    {
        ThrowIfDue();
        inner.Sync(segment);
    }

    public void Remove(int segment)
    {
        ThrowIfDue();
        inner.Remove(segment);
    }

    public DateTimeOffset LastWritten(int segment) => inner.LastWritten(segment);

    public IReadOnlyList<int> List() => inner.List();

    public void Dispose() => inner.Dispose();

    private void ThrowIfDue()
    {
        int call = Interlocked.Increment(ref _calls);
        if (FailAt == 0 || call < FailAt) return;
        if (call > FailAt) CallsAfterFailure++;
        if (call == FailAt || Sticky) throw new IOException($"injected failure of call {call}");
    }
}
