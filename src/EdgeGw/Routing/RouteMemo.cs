namespace EdgeGw.Routing;

/// <summary>Routes found lately, since callers ask for the same few paths all the time. Of a bounded number and size; any thread.</summary>
/// <remarks>Only for targets in origin form without a query: in those there is no place for a credential, and none may be kept.</remarks>
internal sealed class RouteMemo
{
    /// <summary>A power of two.</summary>
    private const int Places = 64;

    private const int MaxTargetLength = 256;

    private readonly Entry?[] _entries = new Entry?[Places];

    public bool TryFind(string method, string rawTarget, out RouteResult route)
    {
        var entry = Place(rawTarget);
        if (entry is null || entry.Target != rawTarget || entry.Method != method)
        {
            route = default;
            return false;
        }
        route = entry.Route;
        return true;
    }

    /// <summary>Remembers a route in the place of another one.</summary>
    public void Keep(string method, string rawTarget, in RouteResult route)
    {
        if (route.Error is null && rawTarget.Length <= MaxTargetLength && rawTarget[0] == '/' && !rawTarget.Contains('?'))
        {
            Place(rawTarget) = new Entry(method, rawTarget, route);
        }
    }

    private ref Entry? Place(string rawTarget) => ref _entries[rawTarget.GetHashCode() & (Places - 1)];

    private sealed class Entry(string method, string target, in RouteResult route)
    {
        public string Method { get; } = method;

        public string Target { get; } = target;

        public readonly RouteResult Route = route;
    }
}
