using EdgeGw.Metering;

namespace EdgeGw.Routing;

/// <summary>Where a provider answers one dialect.</summary>
/// <param name="Path">Relative to the base URL as the SDK takes it; <c>{model}</c> and <c>{method}</c> stand for Gemini's.</param>
/// <param name="Auth">How the credential is sent here.</param>
/// <param name="IsCompatibility">A copy of another vendor's dialect beside the provider's own: a bare model name does not lead here.</param>
public sealed record ProviderEndpoint(Dialect Dialect, string Path, AuthScheme Auth, bool IsCompatibility = false);
