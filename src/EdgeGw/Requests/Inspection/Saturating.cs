namespace EdgeGw.Requests.Inspection;

/// <summary>Arithmetic on counts that callers choose: too large stays too large instead of wrapping to something small.</summary>
internal static class Saturating
{
    /// <summary>The product of two counts that are not negative.</summary>
    public static long Multiply(long a, long b) => Math.BigMul(a, b, out var low) != 0 || low < 0 ? long.MaxValue : low;
}
