using System.CommandLine;
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
    };

    /// <summary><c>--config</c> alone, for commands without a data folder.</summary>
    public Option<string?> File => _config;

    public void AddTo(Command command)
    {
        command.Options.Add(_config);
        command.Options.Add(_dataDirectory);
    }

    /// <summary>Loads again on every call.</summary>
    public Func<ConfigResult> Loader(ParseResult line, CliContext context, ConfigOverrides? overrides = null)
    {
        var path = line.Given(_config);
        var dataDirectory = line.Given(_dataDirectory);
        var all = (overrides ?? ConfigOverrides.None) with { DataDirectory = dataDirectory is null ? null : Path.GetFullPath(dataDirectory) };
        return () => ConfigSource.Load(path, context.Environment, context.Providers, all, context.FileExists);
    }

    /// <summary>For commands that only look for a gateway or its folder; null, with the faults printed, when the file does not say where.</summary>
    public GatewayConfig? LoadControl(ParseResult line, CliContext context)
    {
        var result = Loader(line, context, new ConfigOverrides { ControlOnly = true })();
        Report(result.Faults, "", context.Error);
        return result.Config;
    }

    public static void Report(IEnumerable<ConfigFault> faults, string prefix, TextWriter output)
    {
        foreach (var fault in faults)
        {
            output.WriteLine(prefix + fault);
        }
    }
}
