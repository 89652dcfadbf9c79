namespace EdgeGw.Storage.Tests;

/// <summary>Makes the k-th call that changes the disk fail, once or with all after it.</summary>
internal sealed class DiskCallFault
{
    private int _calls;

    /// <summary>Counted from 1; 0 for none.</summary>
    internal int FailAt { get; set; }

    internal bool Sticky { get; set; }

    internal int Calls => Volatile.Read(ref _calls);

    /// <summary>The call that <see cref="FailAt"/> names has come.</summary>
    internal bool HasFailed => FailAt != 0 && Calls >= FailAt;

    internal void Before()
    {
        int call = Interlocked.Increment(ref _calls);
        if (FailAt != 0 && (call == FailAt || (Sticky && call > FailAt))) throw new IOException($"injected failure of call {call}");
    }
}
