using System.Net;

namespace EdgeGw.LoadTests.Targets;

/// <summary>How the load of one scenario reaches a target.</summary>
/// <param name="Model">What stands in the request for the provider that is meant.</param>
/// <param name="Headers">That this target wants beside the usual ones.</param>
/// <param name="IsTls">Callers have to speak TLS there.</param>
/// <param name="KeepsBytes">Answers arrive as the provider sent them.</param>
/// <param name="SpeaksHttp2">Over TLS.</param>
internal sealed record Door(IPEndPoint Address, string Model, IReadOnlyList<(string Name, string Value)> Headers, bool IsTls, bool KeepsBytes = true, bool SpeaksHttp2 = true);
