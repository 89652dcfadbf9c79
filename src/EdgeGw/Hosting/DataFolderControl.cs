using EdgeGw.Audit;
using EdgeGw.Budgets;
using EdgeGw.Cli;
using EdgeGw.Configuration;
using EdgeGw.Identity;
using EdgeGw.Storage;
using EdgeGw.Telemetry.Rollups;

namespace EdgeGw.Hosting;

/// <summary>Keys, usage and budgets straight from the data folder, for the command line while no gateway runs.</summary>
internal sealed class DataFolderControl : IControlPlane
{
    private readonly DataStore _store;
    private readonly TimeProvider _time;
    private readonly string _actor = $"local:{Environment.UserName}";

    private DataFolderControl(DataStore store, TimeProvider time)
    {
        _store = store;
        _time = time;
    }

    public static async Task<ControlResult<IControlPlane>> OpenAsync(GatewayConfig config, CliContext context)
    {
        try
        {
            var store = await DataStore.OpenAsync(config, context.Environment.Get("EDGEGW_KEY_PEPPER"), context.Time);
            store.Audit.Failed = (fault, _) => context.Error.WriteLine($"the audit log cannot be written: {fault.Message}");
            return ControlResult<IControlPlane>.Ok(new DataFolderControl(store, context.Time));
        }
        catch (Exception fault) when (fault is StorageException or IOException or UnauthorizedAccessException or FormatException)
        {
            return ControlResult<IControlPlane>.Fail("data_folder", fault.Message);
        }
    }

    public async Task<ControlResult<CreatedKey>> CreateKeyAsync(KeyCreateOptions options, CancellationToken cancellation)
    {
        var template = new VirtualKey
        {
            Id = string.Empty, // Given when the key is made.
            Digest = default,
            Name = options.Name,
            User = options.User,
            Email = options.Email,
            Service = options.Service,
            Groups = options.Groups,
            Models = options.Models,
            Metadata = options.Metadata,
            Expires = options.Expires,
        };
        var created = await _store.Keys.CreateAsync(template, _store.Journal, cancellation);
        Audit("key.create", created?.Key.Id ?? options.Name, created is null ? "key_exists" : "ok", created?.Key);
        return created is { } made
            ? ControlResult<CreatedKey>.Ok(new CreatedKey(made.Key.Id, made.Key.Name, made.Secret, made.Key.Digest.ToString(), made.Key.Expires))
            : ControlResult<CreatedKey>.Fail("key_exists", $"a key named \"{options.Name}\" is in force; revoke it first or choose another name");
    }

    public Task<ControlResult<IReadOnlyList<KeyInfo>>> ListKeysAsync(CancellationToken cancellation) =>
        Task.FromResult(ControlResult<IReadOnlyList<KeyInfo>>.Ok([.. _store.Keys.All.Select(InfoOf)]));

    public async Task<ControlResult<CreatedKey>> RotateKeyAsync(string nameOrId, TimeSpan overlap, CancellationToken cancellation)
    {
        var rotated = await _store.Keys.RotateAsync(nameOrId, overlap, _store.Journal, cancellation);
        Audit("key.rotate", rotated?.Key.Id ?? nameOrId, rotated is null ? "key_not_found" : "ok", rotated?.Key);
        return rotated is { } made
            ? ControlResult<CreatedKey>.Ok(new CreatedKey(made.Key.Id, made.Key.Name, made.Secret, made.Key.Digest.ToString(), made.Key.Expires)
            {
                OldSecretUntil = made.Key.OverlapEnds(_time.GetUtcNow()),
            })
            : ControlResult<CreatedKey>.Fail("key_not_found", $"no key of that id or name is in force: {nameOrId}");
    }

    public async Task<ControlResult<KeyInfo>> RevokeKeyAsync(string nameOrId, CancellationToken cancellation)
    {
        var key = await _store.Keys.RevokeAsync(nameOrId, _store.Journal, cancellation);
        Audit("key.revoke", key?.Id ?? nameOrId, key is null ? "key_not_found" : "ok", key);
        return key is not null
            ? ControlResult<KeyInfo>.Ok(InfoOf(key))
            : ControlResult<KeyInfo>.Fail("key_not_found", $"no key of that id or name is in force: {nameOrId}");
    }

    public Task<ControlResult<IReadOnlyList<BudgetStatus>>> ReadBudgetsAsync(string? budget, string? scope, CancellationToken cancellation) =>
        Task.FromResult(ControlResult<IReadOnlyList<BudgetStatus>>.Ok(_store.Ledger.Statuses(budget, scope)));

    public async Task<ControlResult<BudgetRaise>> RaiseBudgetAsync(BudgetRaise raise, CancellationToken cancellation)
    {
        if (!_store.Ledger.Has(raise.Budget))
        {
            return ControlResult<BudgetRaise>.Fail("budget_not_found", $"there is no budget called {raise.Budget}");
        }
        await _store.Journal.WaitDurableAsync(_store.Ledger.Raise(raise), cancellation);
        _store.Audit.Write(new AuditEntry(_actor, "budget.raise", $"{raise.Budget}/{raise.Scope ?? "*"}") { After = json => Admin.AdminJson.Raise(json, raise) });
        return ControlResult<BudgetRaise>.Ok(raise);
    }

    public async Task<ControlResult<ErasureResult>> EraseAsync(string? user, string? email, CancellationToken cancellation)
    {
        var (_, result) = await _store.EraseAsync([.. new[] { user, email }.OfType<string>()]);
        // Names go from the disk with the next checkpoint, and this process ends without one of its own.
        await _store.CheckpointAsync(cancellation);
        _store.Audit.Write(new AuditEntry(_actor, "person.erase", result.Pseudonym) { After = json => Admin.AdminErasure.Write(json, result) });
        return ControlResult<ErasureResult>.Ok(result);
    }

    public Task<ControlResult<SimulationAnswer>> SimulateAsync(ReadOnlyMemory<byte> call, CancellationToken cancellation) =>
        Task.FromResult(ControlResult<SimulationAnswer>.Fail("not_running", "a simulation asks a running gateway, with its limits and holds as they are; start it first"));

    public Task<ControlResult<Cli.UsageReport>> ReadUsageAsync(UsageOptions options, CancellationToken cancellation)
    {
        var by = new List<UsageDimension>();
        foreach (var name in options.By)
        {
            if (!UsageDimension.TryParse(name, out var dimension))
            {
                return Task.FromResult(ControlResult<Cli.UsageReport>.Fail("unknown_dimension", $"unknown dimension {name}; known: {UsageDimension.Names}"));
            }
            by.Add(dimension);
        }
        var report = _store.Rollup.Report(by, options.From ?? DateTimeOffset.MinValue, options.To ?? _time.GetUtcNow().AddHours(1));
        var rows = report.Rows.Select(row => RowOf(row.Values, row.Totals)).ToList();
        return Task.FromResult(ControlResult<Cli.UsageReport>.Ok(new Cli.UsageReport(options.By, rows, RowOf([], report.Total))));
    }

    private void Audit(string action, string target, string result, VirtualKey? key) => _store.Audit.Write(new AuditEntry(_actor, action, target)
    {
        Result = result,
        After = key is null ? null : json => Admin.AdminJson.Key(json, KeyDescriptions.Of(key, _store.Keys, _time.GetUtcNow())),
    });

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    private static Cli.UsageRow RowOf(IReadOnlyList<string> dimensions, in UsageTotals totals) =>
        new(dimensions, totals.Requests, totals.Usage, new Pricing.NanoUsd(checked((long)totals.CostNanoUsd)));

    private KeyInfo InfoOf(VirtualKey key) => new()
    {
        Id = key.Id,
        Name = key.Name,
        User = key.User,
        Email = key.Email,
        Service = key.Service,
        Groups = key.Groups,
        Models = key.Models,
        LastUsed = _store.Keys.LastUsed(key),
        OldSecretUntil = key.OverlapEnds(_time.GetUtcNow()),
        Metadata = key.Metadata,
        Created = key.FromConfig ? null : key.Created,
        Expires = key.Expires,
        Revoked = key.Revoked is not null,
    };
}
