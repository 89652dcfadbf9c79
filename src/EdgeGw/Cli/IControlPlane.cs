using EdgeGw.Budgets;
using EdgeGw.Identity;

namespace EdgeGw.Cli;

/// <summary>Keys, usage and budgets of one gateway, through its admin API while it runs, or straight from its data folder while it does not.</summary>
public interface IControlPlane : IAsyncDisposable
{
    Task<ControlResult<CreatedKey>> CreateKeyAsync(KeyCreateOptions options, CancellationToken cancellation);

    /// <summary>Every key, revoked and expired ones included.</summary>
    Task<ControlResult<IReadOnlyList<KeyInfo>>> ListKeysAsync(CancellationToken cancellation);

    /// <summary>A new secret for a key; those that it has work on for the overlap.</summary>
    Task<ControlResult<CreatedKey>> RotateKeyAsync(string nameOrId, TimeSpan overlap, CancellationToken cancellation);

    Task<ControlResult<KeyInfo>> RevokeKeyAsync(string nameOrId, CancellationToken cancellation);

    /// <param name="budget">Of this one alone; null: all.</param>
    /// <param name="scope">This one alone; null: all.</param>
    Task<ControlResult<IReadOnlyList<BudgetStatus>>> ReadBudgetsAsync(string? budget, string? scope, CancellationToken cancellation);

    Task<ControlResult<BudgetRaise>> RaiseBudgetAsync(BudgetRaise raise, CancellationToken cancellation);

    /// <summary>Puts a pseudonym in the place of a person's names.</summary>
    /// <param name="user">Null: not given; then there is an email.</param>
    Task<ControlResult<ErasureResult>> EraseAsync(string? user, string? email, CancellationToken cancellation);

    /// <param name="call">The body of <c>POST /admin/v1/simulate</c>.</param>
    Task<ControlResult<SimulationAnswer>> SimulateAsync(ReadOnlyMemory<byte> call, CancellationToken cancellation);

    Task<ControlResult<UsageReport>> ReadUsageAsync(UsageOptions options, CancellationToken cancellation);
}
