namespace EdgeGw.Routing;

/// <summary>Why a request leads nowhere. The message is for the caller and names what would work.</summary>
/// <param name="Status">400, 404 or 405.</param>
/// <param name="Code">Stable, for programs.</param>
public sealed record RouteError(int Status, string Code, string Message);
