using System.Net;
using System.Net.Sockets;
using EdgeGw.Configuration;

namespace EdgeGw.Cli;

/// <summary>Finds the control plane: the admin API of a running gateway, else the data folder.</summary>
internal static class ControlPlaneSource
{
    /// <summary>The admin API's bearer token, before the file in the data folder.</summary>
    public const string TokenVariable = "EDGEGW_ADMIN_TOKEN";

    private const string TokenFile = "admin-token";
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    public static async Task<ControlResult<IControlPlane>> OpenAsync(GatewayConfig config, CliActions actions, CliContext context, CancellationToken cancellation)
    {
        var address = AdminClient.AddressOf(config.Listen);
        if (!await IsListeningAsync(address, cancellation))
        {
            return await actions.OpenDataFolder(config, cancellation);
        }
        var token = ReadToken(config, context.Environment);
        return token.IsOk ? ControlResult<IControlPlane>.Ok(new AdminClient(address, token.Value)) : token.Error;
    }

    private static ControlResult<string> ReadToken(GatewayConfig config, IEnvironment environment)
    {
        if (environment.Get(TokenVariable) is { Length: > 0 } token)
        {
            return ControlResult<string>.Ok(token);
        }
        var path = Path.Combine(config.DataDirectory, TokenFile);
        try
        {
            return ControlResult<string>.Ok(File.ReadAllText(path).Trim());
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return ControlResult<string>.Fail(
                "no_token", $"something listens on {config.Listen.Admin}, and its token cannot be read from {path}: set {TokenVariable}, or run as the gateway's user");
        }
    }

    /// <summary>Only a refused connection means that no gateway runs; silence or any other failure does not, and the folder stays untouched.</summary>
    private static async Task<bool> IsListeningAsync(Uri address, CancellationToken cancellation)
    {
        if (address.Port == 0)
        {
            return false;
        }
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timeout.CancelAfter(ConnectTimeout);
        var endpoint = new IPEndPoint(IPAddress.Parse(address.IdnHost), address.Port);
        using var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(endpoint, timeout.Token);
            return true;
        }
        catch (SocketException fault) when (fault.SocketErrorCode == SocketError.ConnectionRefused)
        {
            return false;
        }
        catch (SocketException)
        {
            return true;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return true;
        }
    }
}
