namespace EdgeGw.Configuration.Changes;

/// <summary>How a reload of the configuration went. With faults nothing has changed.</summary>
public sealed record ReloadReport
{
    public IReadOnlyList<ConfigFault> Faults { get; init; } = [];

    public IReadOnlyList<ConfigFault> Warnings { get; init; } = [];

    /// <summary>What is in force now and was not before.</summary>
    public ConfigChanges Changes { get; init; } = new();

    /// <summary>What keeps its old value until the process starts again, as paths.</summary>
    public IReadOnlyList<string> RestartNeeded { get; init; } = [];
}
