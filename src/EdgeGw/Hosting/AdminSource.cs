using System.Text.Json;
using EdgeGw.Admin;
using EdgeGw.Budgets;
using EdgeGw.Configuration.Changes;
using EdgeGw.Hosting.DryRuns;
using EdgeGw.Identity;
using EdgeGw.Requests;
using EdgeGw.Telemetry;
using EdgeGw.Telemetry.Rollups;

namespace EdgeGw.Hosting;

/// <summary>The running gateway as the admin plane sees it.</summary>
internal sealed class AdminSource(GatewayServices services, DataStore store, ConfigReloader? reloader, LiveDryRuns dryRuns, Func<string?> notReady) : IAdminSource
{
    private readonly Simulator _simulator = new(services, store.Keys);

    public UsageRollup Usage => store.Rollup;

    public RecentRequests Requests => services.Recent;

    public IReadOnlyList<BudgetStatus> Budgets(string? budget, string? scope) => store.Ledger.Statuses(budget, scope);

    public IReadOnlyList<BudgetRaise> Raises() => store.Raises.At(services.Time.GetUtcNow());

    public async ValueTask<AdminResult<BudgetRaise>> RaiseBudgetAsync(BudgetRaise raise, CancellationToken cancellation)
    {
        if (!store.Ledger.Has(raise.Budget))
        {
            return new AdminError(404, "budget_not_found", "There is no budget of that name.");
        }
        await store.Journal.WaitDurableAsync(store.Ledger.Raise(raise), cancellation);
        return raise;
    }

    public IEnumerable<KeyDescription> Keys() => store.Keys.All.Select(Describe);

    public async ValueTask<AdminResult<CreatedKey>> CreateKeyAsync(NewKey key, CancellationToken cancellation)
    {
        var created = await store.Keys.CreateAsync(KeyDescriptions.ToKey(key), store.Journal, cancellation);
        return created is { } made
            ? new CreatedKey(Describe(made.Key), made.Secret, made.Key.Digest.ToString())
            : new AdminError(409, "key_exists", $"A key named \"{key.Name}\" is in force; revoke it first or choose another name.");
    }

    public async ValueTask<AdminResult<CreatedKey>> RotateKeyAsync(string idOrName, KeyRotation rotation, CancellationToken cancellation)
    {
        var rotated = await store.Keys.RotateAsync(idOrName, rotation.Overlap, store.Journal, cancellation);
        return rotated is { } made
            ? new CreatedKey(Describe(made.Key), made.Secret, made.Key.Digest.ToString())
            : new AdminError(404, "key_not_found", "No key of that id or name is in force here. A key of the configuration file is rotated there: beside it a second one, of another name.");
    }

    public async ValueTask<AdminResult<KeyDescription>> RevokeKeyAsync(string idOrName, CancellationToken cancellation)
    {
        var revoked = await store.Keys.RevokeAsync(idOrName, store.Journal, cancellation);
        return revoked is not null
            ? Describe(revoked)
            : new AdminError(404, "key_not_found", "No key of that id or name is in force here. Keys of the configuration file are revoked by removing them there.");
    }

    private KeyDescription Describe(VirtualKey key) => KeyDescriptions.Of(key, store.Keys, services.Time.GetUtcNow());

    public Readiness Readiness()
    {
        if (store.Journal.Fault is not null)
        {
            return new Readiness(false, ["journal_faulted"]);
        }
        if (store.Fault is not null)
        {
            return new Readiness(false, ["counters_faulted"]);
        }
        if (!store.Journal.HasRoomForHolds)
        {
            return new Readiness(false, ["disk_nearly_full"]);
        }
        return notReady() is { } reason ? new Readiness(false, [reason]) : Admin.Readiness.Yes;
    }

    public async ValueTask<AdminResult<ReloadReport>> ReloadConfigAsync() => reloader is not null
        ? await reloader.ReloadAsync()
        : new AdminError(409, "config_fixed", "This gateway's configuration was made for it and cannot be loaded again.");

    public async ValueTask<AdminResult<ErasureResult>> EraseAsync(IReadOnlyList<string> names)
    {
        var (person, result) = await store.EraseAsync(names);
        return result with { Requests = services.Recent.Erase(person) };
    }

    public AdminResult<Simulation> Simulate(SimulatedCall call) => _simulator.Simulate(call);

    public Task<AdminResult<DryRunAnswer>> DryRunAsync(DryRunQuery query) => dryRuns.RunAsync(query);

    public void WriteConfig(Utf8JsonWriter json) => ConfigReport.Write(json, services.Setup.Config);
}
