namespace EdgeGw.Metering;

/// <summary>Where a usage came from. An estimate is always marked as one.</summary>
public enum UsageSource : byte
{
    /// <summary>Nothing was counted: nothing was sent, or the route carries no usage.</summary>
    None,
    /// <summary>Worked out from bytes and deltas seen, because the provider reported nothing (complete).</summary>
    Estimated,
    /// <summary>The provider's own numbers.</summary>
    Provider,
}
