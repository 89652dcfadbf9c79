using System.Text.Json;
using EdgeGw.Budgets;
using EdgeGw.Configuration.Changes;
using EdgeGw.Telemetry;
using EdgeGw.Telemetry.Rollups;

namespace EdgeGw.Admin;

/// <summary>What the admin plane shows and changes. The composition root implements it over the running gateway.</summary>
public interface IAdminSource
{
    UsageRollup Usage { get; }

    RecentRequests Requests { get; }

    /// <summary>Every budget slot in its current window.</summary>
    IReadOnlyList<BudgetStatus> Budgets();

    /// <summary>Keys of the configuration and of the key store, revoked ones too.</summary>
    IEnumerable<KeyDescription> Keys();

    /// <summary>Makes a key durable and returns its secret, which exists nowhere else afterwards.</summary>
    ValueTask<AdminResult<CreatedKey>> CreateKeyAsync(NewKey key, CancellationToken cancellation);

    /// <summary>Revokes a key durably.</summary>
    ValueTask<AdminResult<KeyDescription>> RevokeKeyAsync(string idOrName, CancellationToken cancellation);

    /// <summary>Whether metered calls can be served. Called by probes: must not block.</summary>
    Readiness Readiness();

    /// <summary>Reads the configuration anew and puts it into force; with faults nothing changes.</summary>
    ValueTask<AdminResult<ReloadReport>> ReloadConfigAsync();

    /// <summary>Writes the running configuration as one JSON value, every secret replaced.</summary>
    void WriteConfig(Utf8JsonWriter json);
}
