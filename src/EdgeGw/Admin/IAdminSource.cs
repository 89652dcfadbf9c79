using System.Text.Json;
using EdgeGw.Budgets;
using EdgeGw.Configuration.Changes;
using EdgeGw.Identity;
using EdgeGw.Telemetry;
using EdgeGw.Telemetry.Rollups;

namespace EdgeGw.Admin;

/// <summary>What the admin plane shows and changes. The composition root implements it over the running gateway.</summary>
public interface IAdminSource
{
    UsageRollup Usage { get; }

    RecentRequests Requests { get; }

    /// <summary>Every scope of every budget in its running window.</summary>
    /// <param name="budget">Of this one alone; null: all.</param>
    /// <param name="scope">This one alone; null: all.</param>
    IReadOnlyList<BudgetStatus> Budgets(string? budget, string? scope);

    /// <summary>The temporary raises in force.</summary>
    IReadOnlyList<BudgetRaise> Raises();

    /// <summary>Raises a budget for a while, durably.</summary>
    ValueTask<AdminResult<BudgetRaise>> RaiseBudgetAsync(BudgetRaise raise, CancellationToken cancellation);

    /// <summary>Keys of the configuration and of the key store, revoked ones too.</summary>
    IEnumerable<KeyDescription> Keys();

    /// <summary>Makes a key durable and returns its secret, which exists nowhere else afterwards.</summary>
    ValueTask<AdminResult<CreatedKey>> CreateKeyAsync(NewKey key, CancellationToken cancellation);

    /// <summary>Gives a key a new secret, durably, beside those that it has.</summary>
    ValueTask<AdminResult<CreatedKey>> RotateKeyAsync(string idOrName, KeyRotation rotation, CancellationToken cancellation);

    /// <summary>Revokes a key durably.</summary>
    ValueTask<AdminResult<KeyDescription>> RevokeKeyAsync(string idOrName, CancellationToken cancellation);

    /// <summary>Whether metered calls can be served. Called by probes: must not block.</summary>
    Readiness Readiness();

    /// <summary>Reads the configuration anew and puts it into force; with faults nothing changes.</summary>
    ValueTask<AdminResult<ReloadReport>> ReloadConfigAsync();

    /// <summary>Puts a pseudonym in the place of a person's names, durably.</summary>
    /// <param name="names">User name, email, or both.</param>
    ValueTask<AdminResult<ErasureResult>> EraseAsync(IReadOnlyList<string> names);

    /// <summary>What would become of a call; nothing changes.</summary>
    AdminResult<Simulation> Simulate(SimulatedCall call);

    /// <summary>What would have become of recorded calls; nothing changes. One at a time: a second is refused.</summary>
    Task<AdminResult<DryRunAnswer>> DryRunAsync(DryRunQuery query);

    /// <summary>Writes the running configuration as one JSON value, every secret replaced.</summary>
    void WriteConfig(Utf8JsonWriter json);
}
