using System.CommandLine;
using System.Net;
using EdgeGw.Configuration;

namespace EdgeGw.Cli;

internal static class DemoCommand
{
    public static Command Build(CliActions actions, CliContext context)
    {
        var listen = new Option<IPEndPoint?>("--listen")
        {
            Description = "The data listener's address and port [default: 127.0.0.1:8080]",
            HelpName = "address:port",
            CustomParser = CustomParsers.Endpoint,
        };
        var command = new Command("demo", "Run the gateway in front of a built-in fake provider: no account, no key, no file") { listen };
        command.SetAction((line, cancellation) =>
            actions.Demo(new DemoOptions(line.Given(listen) ?? new ListenConfig().Data), context, cancellation));
        return command;
    }
}
