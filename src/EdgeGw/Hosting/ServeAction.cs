using System.Net.Sockets;
using System.Security.Cryptography;
using EdgeGw.Cli;
using EdgeGw.Storage;

namespace EdgeGw.Hosting;

/// <summary><c>edgegw serve</c>: one gateway until it is told to stop.</summary>
internal static class ServeAction
{
    public static async Task<int> RunAsync(ServeOptions options, CliContext context, CancellationToken stop) =>
        await RunAsync(options, context, static _ => Task.CompletedTask, stop);

    /// <param name="onStarted">Called when both listeners answer.</param>
    public static async Task<int> RunAsync(
        ServeOptions options, CliContext context, Func<GatewayHost, Task> onStarted, CancellationToken stop)
    {
        // The first hash loads OpenSSL and its configuration: 10 ms that another processor has to spare while the files are read.
        _ = Task.Run(static () => SHA256.HashData([]));
        using var logging = OperationalLog.Create();
        using var signal = options.Reload is null ? null : new ReloadSignal();
        GatewayHost host;
        try
        {
            host = await GatewayHost.StartAsync(options, signal, context.Environment, logging, context.Time, CancellationToken.None);
        }
        catch (Exception fault) when (fault is StorageException or IOException or UnauthorizedAccessException or SocketException or FormatException or InvalidDataException)
        {
            context.Error.WriteLine($"edgegw cannot start: {fault.Message}");
            return ExitCode.Failure;
        }
        await using (host)
        {
            await onStarted(host);
            await WaitAsync(stop);
            await host.StopAsync();
        }
        return ExitCode.Ok;
    }

    private static async Task WaitAsync(CancellationToken stop)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = stop.Register(stopped.SetResult);
        await stopped.Task;
    }
}
