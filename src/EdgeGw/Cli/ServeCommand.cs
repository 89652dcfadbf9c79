using System.CommandLine;
using System.Net;
using EdgeGw.Configuration;

namespace EdgeGw.Cli;

internal static class ServeCommand
{
    public static Command Build(CliActions actions, CliContext context)
    {
        var options = new ConfigOptions();
        var listen = new Option<IPEndPoint?>("--listen")
        {
            Description = "The data listener's address and port, over the configuration's",
            HelpName = "address:port",
            CustomParser = CustomParsers.Endpoint,
        };
        var command = new Command("serve", "Run the gateway") { listen };
        options.AddTo(command);
        command.SetAction((line, cancellation) =>
        {
            var load = options.Loader(line, context, new ConfigOverrides { Data = line.Given(listen) });
            return RunAsync(load, actions, context, cancellation);
        });
        return command;
    }

    private static async Task<int> RunAsync(Func<ConfigResult> load, CliActions actions, CliContext context, CancellationToken cancellation)
    {
        var result = load();
        ConfigOptions.Report(result.Faults, "", context.Error);
        ConfigOptions.Report(result.Warnings, "warning: ", context.Error);
        if (result.Config is null)
        {
            return ExitCode.Usage;
        }
        var files = ConfigFiles.Check(result);
        ConfigOptions.Report(files, "", context.Error);
        ConfigOptions.Report(ConfigFiles.Warnings(result), "warning: ", context.Error);
        if (files.Count > 0)
        {
            return ExitCode.Usage;
        }
        var serve = new ServeOptions { Config = result.Config, ConfigFile = result.File, Notes = result.Notes, Reload = load };
        return await actions.Serve(serve, context, cancellation);
    }
}
