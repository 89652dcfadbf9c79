using System.Diagnostics;
using System.Runtime.InteropServices;

namespace EdgeGw.LoadTests.Targets;

/// <summary>A process that the lab started, and ends by its number alone. What it prints goes to a file.</summary>
internal sealed partial class ChildProcess : IDisposable
{
    private const int SignalTerminate = 15;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly Process _process;
    private readonly StreamWriter _log;

    /// <param name="readsOutput">Standard output is read by the caller instead of logged.</param>
    public ChildProcess(string program, IEnumerable<string> arguments, string logFile, bool readsOutput = false)
    {
        _log = new StreamWriter(logFile) { AutoFlush = true };
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
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
