namespace EdgeGw.Requests.Inspection;

/// <summary>Where a JSON token stands in a body, in bytes. A length of zero means that it is not there.</summary>
/// <param name="Offset">The token's first byte; for a string, its opening quote.</param>
/// <param name="Length">Bytes up to and including the token's last one.</param>
public readonly record struct JsonRange(int Offset, int Length)
{
    public bool IsEmpty => Length == 0;
}
