namespace EdgeGw.Configuration;

/// <summary>When the journal's commit is waited for.</summary>
public enum Durability : byte
{
    /// <summary>The first byte to the caller waits for the hold's commit, which runs while the provider thinks.</summary>
    Overlapped,
    /// <summary>The hold is committed before the provider is called.</summary>
    Strict,
    /// <summary>Nothing is waited for: a crash may forget the last milliseconds.</summary>
    Relaxed,
}
