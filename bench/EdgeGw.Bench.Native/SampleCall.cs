using System.Runtime.CompilerServices;
using EdgeGw.Identity;
using EdgeGw.Metering;
using EdgeGw.Pricing;
using EdgeGw.Requests;
using EdgeGw.Telemetry;

namespace EdgeGw.Bench.Native;

/// <summary>The record of a call as most are: a user's, by a key with a team's label.</summary>
internal static class SampleCall
{
    public static UsageRecord Of(int user, int key) => Of(Caller(user, key));

    public static Principal Caller(int user, int key) => new()
    {
        KeyId = $"key_{key}",
        KeyName = $"key-{key}",
        User = $"user-{user}",
        Metadata = new Dictionary<string, string> { ["team"] = $"team-{key % 50}" },
    };

    public static UsageRecord Of(Principal caller) => new()
    {
        Id = Guid.CreateVersion7(),
        Time = TimeProvider.System.GetUtcNow(),
        Principal = caller,
        Dialect = Dialect.ChatCompletions,
        Provider = "openai",
        ModelRequested = "gpt-4o-mini",
        Model = "gpt-4o-mini-2024-07-18",
        Status = 200,
        Outcome = Outcome.Completed,
        Usage = new Usage { Input = 1000, Output = 200 },
        UsageSource = UsageSource.Provider,
        Cost = new NanoUsd(270),
        CostSource = CostSource.Catalogue,
        Hold = new NanoUsd(1000),
    };

    /// <summary>Makes it the record of another caller: a request's own record is fresh and near, only its caller is not.</summary>
    public static void SetCaller(UsageRecord record, Principal caller) => PrincipalOf(record) = caller;

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "<Principal>k__BackingField")]
    private static extern ref Principal PrincipalOf(UsageRecord record);
}
