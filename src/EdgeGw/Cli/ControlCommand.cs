using System.CommandLine;

namespace EdgeGw.Cli;

/// <summary>What commands on a control plane share: find it, ask it, print the answer or the error.</summary>
internal static class ControlCommand
{
    public static async Task<int> RunAsync<T>(
        ConfigOptions options, ParseResult line, CliActions actions, CliContext context,
        Func<IControlPlane, CancellationToken, Task<ControlResult<T>>> ask, Action<T> print, CancellationToken cancellation)
        where T : class
    {
        if (options.LoadControl(line, context) is not { } config)
        {
            return ExitCode.Usage;
        }
        var opened = await ControlPlaneSource.OpenAsync(config, actions, context, cancellation);
        if (!opened.IsOk)
        {
            return Fail(opened.Error, context);
        }
        await using var plane = opened.Value;
        var answer = await ask(plane, cancellation);
        if (!answer.IsOk)
        {
            return Fail(answer.Error, context);
        }
        print(answer.Value);
        return ExitCode.Ok;
    }

    private static int Fail(ControlError error, CliContext context)
    {
        context.Error.WriteLine($"{PlainText.ForTerminal(error.Message)} ({PlainText.ForTerminal(error.Code)})");
        return ExitCode.Failure;
    }
}
