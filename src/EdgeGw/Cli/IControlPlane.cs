namespace EdgeGw.Cli;

/// <summary>Keys and usage of one gateway, through its admin API while it runs, or straight from its data folder while it does not.</summary>
public interface IControlPlane : IAsyncDisposable
{
    Task<ControlResult<CreatedKey>> CreateKeyAsync(KeyCreateOptions options, CancellationToken cancellation);

    /// <summary>Every key, revoked and expired ones included.</summary>
    Task<ControlResult<IReadOnlyList<KeyInfo>>> ListKeysAsync(CancellationToken cancellation);

    Task<ControlResult<KeyInfo>> RevokeKeyAsync(string nameOrId, CancellationToken cancellation);

    Task<ControlResult<UsageReport>> ReadUsageAsync(UsageOptions options, CancellationToken cancellation);
}
