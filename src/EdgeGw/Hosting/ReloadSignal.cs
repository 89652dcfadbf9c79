using System.Runtime.InteropServices;
using System.Threading.Channels;

namespace EdgeGw.Hosting;

/// <summary>SIGHUP as a wish to reload. Taken from before the gateway has recovered, when the signal's own meaning would end the process.</summary>
internal sealed class ReloadSignal : IDisposable
{
    private readonly Channel<bool> _wishes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly PosixSignalRegistration? _registration;

    public ReloadSignal()
    {
        // On Windows this "signal" is the console being closed.
        _registration = OperatingSystem.IsWindows() ? null : PosixSignalRegistration.Create(PosixSignal.SIGHUP, Handle);
    }

    /// <summary>One item for each signal, or for several that came close together.</summary>
    public ChannelReader<bool> Wishes => _wishes.Reader;

    public void Dispose() => _registration?.Dispose();

    private void Handle(PosixSignalContext signal)
    {
        signal.Cancel = true;
        _wishes.Writer.TryWrite(true);
    }
}
