namespace EdgeGw.Identity;

/// <summary>Exactly one of principal and fault is set.</summary>
/// <param name="Header">The header that held the caller's virtual key; null: none did.</param>
/// <param name="TokenValue">The header's value that holds the caller's token, which must not go on to a provider under whatever name; null: there was none.</param>
/// <param name="TokenStart">Where in it the token begins.</param>
public readonly record struct Identification(Principal? Principal, CallerFault? Fault, string? Header = null, string? TokenValue = null, int TokenStart = 0)
{
    public Identification(CallerFault fault)
        : this(null, fault)
    {
    }
}
