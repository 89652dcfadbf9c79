using System.Runtime.InteropServices;

namespace EdgeGw.Cli;

/// <summary>SIGINT and SIGTERM as a cancellation: the first one asks for a graceful stop, the second one ends the process at once.</summary>
public sealed class TerminationSignals : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly PosixSignalRegistration[] _registrations;

    public TerminationSignals() =>
        _registrations = [PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle), PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle)];

    public CancellationToken Token => _stop.Token;

    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }
        _stop.Dispose();
    }

    private void Handle(PosixSignalContext signal)
    {
        if (!_stop.IsCancellationRequested)
        {
            signal.Cancel = true;
            _stop.Cancel();
        }
    }
}
