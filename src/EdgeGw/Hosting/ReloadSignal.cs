using System.Runtime.InteropServices;
using System.Threading.Channels;

namespace EdgeGw.Hosting;

/// <summary>SIGHUP as a wish to reload. Taken from before the gateway has recovered, when the signal's own meaning would end the process.</summary>
internal sealed partial class ReloadSignal : IDisposable
{
    private const int HangUp = 1;
    private const nint Default = 0;

    private readonly Channel<bool> _wishes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly PosixSignalRegistration? _registration;

    public ReloadSignal()
    {
        // On Windows this "signal" is the console being closed.
        if (!OperatingSystem.IsWindows())
        {
            // Under nohup it is ignored, and the runtime leaves it so whoever registers for it: a reload asked for by signal would be lost without a word.
            _ = NativeSignal(HangUp, Default);
            _registration = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Handle);
        }
    }

    /// <summary>One item for each signal, or for several that came close together.</summary>
    public ChannelReader<bool> Wishes => _wishes.Reader;

    public void Dispose() => _registration?.Dispose();

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint NativeSignal(int signal, nint handler);

    private void Handle(PosixSignalContext signal)
    {
        signal.Cancel = true;
        _wishes.Writer.TryWrite(true);
    }
}
