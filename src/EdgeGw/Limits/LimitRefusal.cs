using EdgeGw.Configuration;

namespace EdgeGw.Limits;

/// <summary>Why a call is not admitted. Of several limits without room the one that takes longest.</summary>
/// <param name="Capacity">The most that the limit lets pass at once.</param>
/// <param name="Needed">The units that the call asked for.</param>
/// <param name="Wait">Until there is room, when nobody else takes it; zero where that cannot be told.</param>
internal sealed record LimitRefusal(LimitConfig Limit, long Capacity, long Remaining, long Needed, TimeSpan Wait)
{
    /// <summary>Waiting does not help: the call is larger than the limit.</summary>
    public bool NeverFits => Needed > Capacity;
}
