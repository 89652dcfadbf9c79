using System.CommandLine;
using System.Net;
using EdgeGw.Configuration;

namespace EdgeGw.Cli;

/// <summary>The options that say which configuration a command works with, and the loading of it.</summary>
internal sealed class ConfigOptions
{
    private readonly Option<string?> _config = new("--config", "-c")
    {
        Description = $"The configuration file. Without it: ${ConfigSource.Variable}, ./edgegw.json, /etc/edgegw/edgegw.json, else the environment",
        HelpName = "file",
        Recursive = true,
    };

    private readonly Option<string?> _dataDirectory = new("--data-dir")
    {
        Description = "The data folder, over the configuration's",
        HelpName = "folder",
        Recursive = true,
        // Such as from an unset variable of a script.
        Validators = { static given => { if (given.Tokens is [{ Value: "" }]) given.AddError("--data-dir is empty: name a folder"); } },
    };

    /// <summary><c>--config</c> alone, for commands without a data folder.</summary>
    public Option<string?> File => _config;

    public void AddTo(Command command)
    {
        command.Options.Add(_config);
        command.Options.Add(_dataDirectory);
    }

    /// <summary>Loads again on every call, and always from where the first call found it: a file that is gone is a fault, not a reason to look elsewhere.</summary>
    public Func<LoadedConfig> Loader(ParseResult line, CliContext context, IPEndPoint? data = null)
    {
        var all = Overrides(line) with { Data = data };
        var file = ConfigSource.Find(line.Given(_config), context.Environment, context.FileExists);
        return () => LoadedConfig.Load(file, () => Read(file, context, all));
    }

    /// <summary>Reads a text as if it stood in the file that <see cref="Loader"/> reads.</summary>
    public Func<byte[], ConfigResult> Reader(ParseResult line, CliContext context, IPEndPoint? data = null)
    {
        var all = Overrides(line) with { Data = data };
        var file = ConfigSource.Find(line.Given(_config), context.Environment, context.FileExists) ?? "edgegw.json";
        return text => ConfigLoader.Load(text, file, context.Environment, context.Providers, all);
    }

    /// <summary>For commands that only look for a gateway or its folder; null, with the faults printed, when the file does not say where.</summary>
    public GatewayConfig? LoadControl(ParseResult line, CliContext context)
    {
        var file = ConfigSource.Find(line.Given(_config), context.Environment, context.FileExists);
        var result = Read(file, context, Overrides(line) with { ControlOnly = true });
        Report(result.Faults, "", context.Error);
        return result.Config;
    }

    /// <summary>The data folder alone; a folder that was named needs no configuration. Null, with the faults printed, when nothing says where.</summary>
    public string? DataDirectory(ParseResult line, CliContext context) =>
        line.Given(_dataDirectory) is { } named ? Path.GetFullPath(named) : LoadControl(line, context)?.DataDirectory;

    private ConfigOverrides Overrides(ParseResult line) =>
        new() { DataDirectory = line.Given(_dataDirectory) is { } folder ? Path.GetFullPath(folder) : null };

    private static ConfigResult Read(string? file, CliContext context, ConfigOverrides overrides) => file is null
        ? ConfigLoader.FromEnvironment(context.Environment, context.Providers, overrides)
        : ConfigLoader.LoadFile(file, context.Environment, context.Providers, overrides);

    public static void Report(IEnumerable<ConfigFault> faults, string prefix, TextWriter output)
    {
        foreach (var fault in faults)
        {
            output.WriteLine(prefix + fault);
        }
    }
}
