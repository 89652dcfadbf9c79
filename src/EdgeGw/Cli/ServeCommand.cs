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
            var load = options.Loader(line, context, line.Given(listen));
            return RunAsync(load, options.Reader(line, context, line.Given(listen)), actions, context, cancellation);
        });
        return command;
    }

    private static async Task<int> RunAsync(Func<LoadedConfig> load, Func<byte[], ConfigResult> read, CliActions actions, CliContext context, CancellationToken cancellation)
    {
        var loaded = load();
        ConfigOptions.Report(loaded.Faults, "", context.Error);
        ConfigOptions.Report(loaded.Warnings, "warning: ", context.Error);
        return loaded.Config is null ? ExitCode.Usage : await actions.Serve(new ServeOptions { Loaded = loaded, Reload = load, Read = read }, context, cancellation);
    }
}
