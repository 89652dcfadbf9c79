using System.Collections.Frozen;

namespace EdgeGw.Configuration;

/// <summary>A configuration, or everything that is wrong with it.</summary>
public sealed record ConfigResult
{
    /// <summary>Null exactly when there are <see cref="Faults"/>.</summary>
    public GatewayConfig? Config { get; init; }

    public IReadOnlyList<ConfigFault> Faults { get; init; } = [];

    /// <summary>What works but is probably not meant, or exposes something.</summary>
    public IReadOnlyList<ConfigFault> Warnings { get; init; } = [];

    /// <summary>What was decided without being configured: to be printed at start.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>The file that was read; null when the configuration came from the environment.</summary>
    public string? File { get; init; }

    /// <summary>Where each configured value stands, by path, so that later checks can name its line.</summary>
    internal IReadOnlyDictionary<string, ConfigPosition> Positions { get; init; } = FrozenDictionary<string, ConfigPosition>.Empty;

    /// <summary>Anonymous callers were not asked for; they are let in because nothing but loopback is listened on.</summary>
    internal bool AnonymousImplied { get; init; }

    /// <summary>A fault at the place of a configured value.</summary>
    internal ConfigFault At(string path, string message)
    {
        var position = Positions.GetValueOrDefault(path);
        return new ConfigFault(File ?? ConfigLoader.EnvironmentName, position.Line, position.Column, path, message);
    }
}

/// <summary>Line and column, both from 1.</summary>
internal readonly record struct ConfigPosition(int Line, int Column);
