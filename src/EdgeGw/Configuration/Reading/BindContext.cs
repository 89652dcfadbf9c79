namespace EdgeGw.Configuration.Reading;

/// <summary>What one run of the binder collects and looks things up in.</summary>
internal sealed class BindContext(string file, IEnvironment environment, KnownProviders providers, ConfigOverrides overrides)
{
    public IEnvironment Environment { get; } = environment;
    public KnownProviders Providers { get; } = providers;
    public ConfigOverrides Overrides { get; } = overrides;
    public List<ConfigFault> Faults { get; } = [];
    public List<ConfigFault> Warnings { get; } = [];
    public Dictionary<string, ConfigPosition> Positions { get; } = new(StringComparer.Ordinal);

    public void Fault(ConfigPosition position, string path, string message, string? suggestion = null) =>
        Faults.Add(new ConfigFault(file, position.Line, position.Column, path, message, suggestion));

    public void Warn(ConfigPosition position, string path, string message) =>
        Warnings.Add(new ConfigFault(file, position.Line, position.Column, path, message));

    /// <summary>A path in the configuration, taken from the folder of its file rather than from wherever the process was started.</summary>
    public string ResolvePath(string path) => System.IO.Path.GetFullPath(path, System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(file))!);

    public static string Join(string parent, string name)
    {
        var plain = name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '$');
        return plain ? parent.Length == 0 ? name : $"{parent}.{name}" : $"{parent}[{SafeText.Quote(name)}]";
    }
}
