using System.Text.Json;
using EdgeGw.Admin;
using EdgeGw.Budgets;
using EdgeGw.Configuration.Changes;
using EdgeGw.Identity;
using EdgeGw.Telemetry;
using EdgeGw.Telemetry.Rollups;

namespace EdgeGw.Tests.Admin;

internal sealed class FakeAdminSource : IAdminSource
{
    internal static readonly DateTimeOffset Now = new(2025, 11, 21, 8, 0, 0, TimeSpan.Zero);

    internal List<NewKey> Created { get; } = [];

    internal List<string> Revoked { get; } = [];

    internal Readiness Ready { get; set; } = EdgeGw.Admin.Readiness.Yes;

    internal AdminError? Refusal { get; set; }

    public UsageRollup Usage { get; } = new();

    public RecentRequests Requests { get; } = new();

    internal List<BudgetRaise> Raised { get; } = [];

    public IReadOnlyList<BudgetStatus> Budgets(string? budget, string? scope) =>
    [
        .. new BudgetStatus[]
        {
            new("company", "", new(20_000_000_000_000), new(1_500_000_000), new(500_000_000), Now.AddDays(-10), Now.AddDays(20)),
            new("person", "user=ann", new(1), new(5), new(0), Now, Now.AddDays(1)),
        }.Where(status => (budget is null || status.Budget == budget) && (scope is null || status.Scope == scope)),
    ];

    public IReadOnlyList<BudgetRaise> Raises() => Raised;

    public ValueTask<AdminResult<BudgetRaise>> RaiseBudgetAsync(BudgetRaise raise, CancellationToken cancellation)
    {
        if (Refusal is not null)
        {
            return new(Refusal);
        }
        Raised.Add(raise);
        return new(raise);
    }

    public IEnumerable<KeyDescription> Keys() => Enumerable.Range(0, 3).Select(static i => Key("k" + i, "name" + i));

    public ValueTask<AdminResult<CreatedKey>> CreateKeyAsync(NewKey key, CancellationToken cancellation)
    {
        if (Refusal is not null)
        {
            return new(Refusal);
        }
        Created.Add(key);
        var description = Key("k_new", key.Name) with { Service = key.Service, Groups = key.Groups, Metadata = key.Metadata, Expires = key.Expires, User = key.User, Email = key.Email, Models = key.Models };
        return new(new CreatedKey(description, "egw_the-secret", "the-hash"));
    }

    internal List<(string Key, TimeSpan Overlap)> Rotated { get; } = [];

    public ValueTask<AdminResult<CreatedKey>> RotateKeyAsync(string idOrName, KeyRotation rotation, CancellationToken cancellation)
    {
        if (Refusal is not null)
        {
            return new(Refusal);
        }
        Rotated.Add((idOrName, rotation.Overlap));
        return new(new CreatedKey(Key("k0", idOrName) with { Rotated = Now, OverlapEnds = Now + rotation.Overlap }, "egw_the-new-secret", "the-new-hash"));
    }

    public ValueTask<AdminResult<KeyDescription>> RevokeKeyAsync(string idOrName, CancellationToken cancellation)
    {
        if (Refusal is not null)
        {
            return new(Refusal);
        }
        Revoked.Add(idOrName);
        return new(Key("k0", idOrName) with { Revoked = Now });
    }

    public Readiness Readiness() => Ready;

    internal ReloadReport Reload { get; set; } = new();

    public ValueTask<AdminResult<ReloadReport>> ReloadConfigAsync() => new(Refusal is { } refusal ? refusal : Reload);

    internal IReadOnlyList<string>? Erased { get; private set; }

    public ValueTask<AdminResult<ErasureResult>> EraseAsync(IReadOnlyList<string> names)
    {
        Erased = names;
        return new(new ErasureResult("erased:0123", 3, 2, 1));
    }

    internal SimulatedCall? Simulated { get; private set; }

    public AdminResult<Simulation> Simulate(SimulatedCall call)
    {
        Simulated = call;
        return Refusal is { } refusal ? refusal : new Simulation(403, "policy_denied", "no", "the-rule")
        {
            Provider = "openai",
            Model = "gpt-5",
            Rules = [new SimulatedRule("the-rule", EdgeGw.Configuration.PolicyEffect.Deny, false, ["groups"], "refused")],
            Hold = new(1_500_000),
            Budgets = [new SimulatedBudget(Budgets("company", null)[0], true)],
        };
    }

    internal DryRunQuery? DryRun { get; private set; }

    internal DryRunAnswer DryRunAnswer { get; set; } = new([], static json =>
    {
        json.WriteStartObject();
        json.WriteNumber("calls", 7);
        json.WriteEndObject();
    });

    public Task<AdminResult<DryRunAnswer>> DryRunAsync(DryRunQuery query)
    {
        DryRun = query;
        return Task.FromResult<AdminResult<DryRunAnswer>>(Refusal is { } refusal ? refusal : DryRunAnswer);
    }

    public void WriteConfig(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("data_dir", "/x");
        json.WriteEndObject();
    }

    private static KeyDescription Key(string id, string name) =>
        new(id, name, null, ["dev"], new Dictionary<string, string> { ["team"] = "core" }, Now, null, null, KeySource.Store);
}
