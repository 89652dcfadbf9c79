using EdgeGw.Budgets;
using EdgeGw.Cli;
using EdgeGw.Configuration;
using EdgeGw.Identity;
using EdgeGw.Tests.Configuration;

namespace EdgeGw.Tests.Cli;

/// <summary>Runs command lines against recording actions.</summary>
internal sealed class CliRun
{
    public static readonly DateTimeOffset Now = new(2026, 11, 15, 12, 0, 0, TimeSpan.Zero);

    public StringWriter Out { get; } = new();
    public StringWriter Error { get; } = new();
    public ServeOptions? Served { get; private set; }
    public DemoOptions? Demoed { get; private set; }
    public MeterFileOptions? Metered { get; private set; }
    public VerifyJournalOptions? Verified { get; private set; }
    public DryRunOptions? DryRun { get; private set; }
    public GatewayConfig? Opened { get; private set; }
    public FakeControlPlane Plane { get; } = new();
    public (string Name, string Value)[] Variables { get; init; } = [("OPENAI_API_KEY", "sk-1")];
    public ControlError? OpenFault { get; init; }

    public Task<int> Async(params string[] arguments)
    {
        var actions = new CliActions
        {
            Serve = (options, _, _) => Return(() => Served = options),
            Demo = (options, _, _) => Return(() => Demoed = options),
            VerifyJournal = (options, _, _) => Return(() => Verified = options),
            DryRun = (options, _, _) => Return(() => DryRun = options),
            Meter = (options, _, _) => Return(() => Metered = options),
            OpenDataFolder = (config, _) =>
            {
                Opened = config;
                return Task.FromResult<ControlResult<IControlPlane>>(OpenFault is null ? ControlResult<IControlPlane>.Ok(Plane) : OpenFault);
            },
        };
        var context = new CliContext
        {
            Out = Out,
            Error = Error,
            Environment = new FakeEnvironment(Variables),
            Time = new FixedTime(),
            Providers = ConfigFixture.Providers,
            FileExists = _ => false,
        };
        return EdgeGwCommand.RunAsync(arguments, actions, context, CancellationToken.None);
    }

    /// <summary>A configuration whose admin port nobody listens on.</summary>
    public static string WriteConfig(string folder, string json)
    {
        var path = Path.Combine(folder, "edgegw.json");
        File.WriteAllText(path, json);
        return path;
    }

    private static Task<int> Return(Action record)
    {
        record();
        return Task.FromResult(7);
    }

    private sealed class FixedTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Now;
    }
}

internal sealed class FakeControlPlane : IControlPlane
{
    public KeyCreateOptions? Created { get; private set; }
    public string? Revoked { get; private set; }
    public UsageOptions? Asked { get; private set; }
    public bool Disposed { get; private set; }
    public UsageReport Report { get; set; } = new([], [], new UsageRow([], 0, default, default));
    public IReadOnlyList<KeyInfo> Keys { get; set; } = [];

    public Task<ControlResult<CreatedKey>> CreateKeyAsync(KeyCreateOptions options, CancellationToken cancellation)
    {
        Created = options;
        return Task.FromResult(ControlResult<CreatedKey>.Ok(new CreatedKey("k1", options.Name, "egw_secret", "hash1", options.Expires)));
    }

    public Task<ControlResult<IReadOnlyList<KeyInfo>>> ListKeysAsync(CancellationToken cancellation) =>
        Task.FromResult(ControlResult<IReadOnlyList<KeyInfo>>.Ok(Keys));

    public (string Key, TimeSpan Overlap) Rotated { get; private set; }

    public Task<ControlResult<CreatedKey>> RotateKeyAsync(string nameOrId, TimeSpan overlap, CancellationToken cancellation)
    {
        Rotated = (nameOrId, overlap);
        return Task.FromResult(ControlResult<CreatedKey>.Ok(new CreatedKey("k1", nameOrId, "egw_new", "hash2", null) { OldSecretUntil = CliRun.Now + overlap }));
    }

    public Task<ControlResult<KeyInfo>> RevokeKeyAsync(string nameOrId, CancellationToken cancellation)
    {
        Revoked = nameOrId;
        return Task.FromResult(nameOrId == "ghost"
            ? ControlResult<KeyInfo>.Fail("key_not_found", "no key is called ghost")
            : ControlResult<KeyInfo>.Ok(new KeyInfo { Id = "k1", Name = nameOrId, Revoked = true }));
    }

    public (string? Budget, string? Scope) AskedBudget { get; private set; }
    public BudgetRaise? Raised { get; private set; }
    public IReadOnlyList<BudgetStatus> Budgets { get; set; } = [];

    public Task<ControlResult<IReadOnlyList<BudgetStatus>>> ReadBudgetsAsync(string? budget, string? scope, CancellationToken cancellation)
    {
        AskedBudget = (budget, scope);
        return Task.FromResult(ControlResult<IReadOnlyList<BudgetStatus>>.Ok(Budgets));
    }

    public Task<ControlResult<BudgetRaise>> RaiseBudgetAsync(BudgetRaise raise, CancellationToken cancellation)
    {
        Raised = raise;
        return Task.FromResult(ControlResult<BudgetRaise>.Ok(raise));
    }

    public (string? User, string? Email) Erased { get; private set; }

    public Task<ControlResult<ErasureResult>> EraseAsync(string? user, string? email, CancellationToken cancellation)
    {
        Erased = (user, email);
        return Task.FromResult(ControlResult<ErasureResult>.Ok(new ErasureResult("erased:0123", 3, 2, 1)));
    }

    public string? Simulated { get; private set; }

    public Task<ControlResult<SimulationAnswer>> SimulateAsync(ReadOnlyMemory<byte> call, CancellationToken cancellation)
    {
        Simulated = System.Text.Encoding.UTF8.GetString(call.Span);
        return Task.FromResult(ControlResult<SimulationAnswer>.Ok(new SimulationAnswer("{ }")));
    }

    public Task<ControlResult<UsageReport>> ReadUsageAsync(UsageOptions options, CancellationToken cancellation)
    {
        Asked = options;
        return Task.FromResult(ControlResult<UsageReport>.Ok(Report));
    }

    public ValueTask DisposeAsync()
    {
        Disposed = true;
        return ValueTask.CompletedTask;
    }
}
