using System.Diagnostics;
using System.Net;
using System.Runtime.InteropServices;
using EdgeGw.LoadTests.Client;
using EdgeGw.LoadTests.Measuring;

namespace EdgeGw.LoadTests.Targets;

/// <summary>A process that the lab started, and ends by its number alone. What it prints goes to a file.</summary>
internal sealed partial class ChildProcess : IDisposable
{
    private const int SignalTerminate = 15;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly Process _process;
    private readonly StreamWriter _log;

    /// <param name="readsOutput">Standard output is read by the caller instead of logged.</param>
    /// <param name="environment">Variables beside those of this process.</param>
    public ChildProcess(
        string program, IEnumerable<string> arguments, string logFile, bool readsOutput = false, IEnumerable<(string Name, string Value)>? environment = null)
    {
        _log = new StreamWriter(logFile) { AutoFlush = true };
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment ?? [])
        {
            start.Environment[name] = value;
        }
        _process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
        _process.ErrorDataReceived += (_, line) => Log(line.Data);
        _process.BeginErrorReadLine();
        if (!readsOutput)
        {
            _process.OutputDataReceived += (_, line) => Log(line.Data);
            _process.BeginOutputReadLine();
        }
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public StreamReader Output => _process.StandardOutput;

    /// <summary>Waits until something answers there with 200; ends the process when that does not come.</summary>
    /// <exception cref="InvalidOperationException">The process ended, or 30 seconds have passed.</exception>
    public void WaitUntilReady(IPEndPoint address, string path, string what)
    {
        var giveUp = Clock.Now + Clock.Milliseconds(30_000);
        while (LabConnection.Get(address, path) is null)
        {
            if (HasExited || Clock.Now > giveUp)
            {
                Dispose();
                throw new InvalidOperationException($"{what} did not become ready; see its log");
            }
            Clock.WaitUntil(Clock.Now + Clock.Milliseconds(0.5));
        }
    }

    /// <summary>Asks it to end and waits; ends it the hard way when it does not.</summary>
    /// <returns>Its exit status.</returns>
    public int Stop()
    {
        if (!_process.HasExited)
        {
            _ = Signal(_process.Id, SignalTerminate);
            if (!_process.WaitForExit(Patience))
            {
                _process.Kill();
            }
        }
        _process.WaitForExit();
        return _process.ExitCode;
    }

    /// <summary>For processes that end by themselves.</summary>
    public int WaitForExit()
    {
        _process.WaitForExit();
        return _process.ExitCode;
    }

    public void Dispose()
    {
        Stop();
        _process.Dispose();
        _log.Dispose();
    }

    private void Log(string? line)
    {
        if (line is not null)
        {
            lock (_log)
            {
                _log.WriteLine(line);
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int process, int signal);
}
