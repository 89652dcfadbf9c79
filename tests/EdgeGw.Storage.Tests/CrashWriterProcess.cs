using System.Diagnostics;
using EdgeGw.Storage.CrashWriter;

namespace EdgeGw.Storage.Tests;

/// <summary>A child process that writes to a data folder until it is killed.</summary>
internal sealed class CrashWriterProcess : IDisposable
{
    private readonly Process _process;
    private readonly List<string> _lines = [];
    private readonly TaskCompletionSource _firstLine = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _checkpointed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal CrashWriterProcess(string mode, string folder)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "EdgeGw.Storage.CrashWriter.dll");
        _process = new Process { StartInfo = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true } };
        if (!Path.GetFileNameWithoutExtension(Environment.ProcessPath!).Equals("dotnet", StringComparison.OrdinalIgnoreCase))
        {
            _process.StartInfo.FileName = "dotnet";
        }

        foreach (string argument in (string[])[program, mode, folder]) _process.StartInfo.ArgumentList.Add(argument);
        _process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is null) return;
            if (line.Data == CountWriter.Checkpointed)
            {
                _checkpointed.TrySetResult();
                return;
            }

            lock (_lines) _lines.Add(line.Data);
            _firstLine.TrySetResult();
        };
        _process.Start();
        _process.BeginOutputReadLine();
    }

    internal int Id => _process.Id;

    internal Task FirstLine => _firstLine.Task.WaitAsync(TimeSpan.FromSeconds(60));

    internal Task FirstCheckpoint => _checkpointed.Task.WaitAsync(TimeSpan.FromSeconds(60));

    /// <summary>Kills the process as SIGKILL does and returns what it had printed in full.</summary>
    /// <param name="mayHaveEnded">Its disk was taken away, at which it may end by itself.</param>
    internal async Task<List<Acknowledgement>> KillAsync(bool mayHaveEnded = false)
    {
        Assert.True(mayHaveEnded || !_process.HasExited, "the writer ended by itself");
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        // The last line may have been cut in the pipe.
        lock (_lines) return [.. _lines.SkipLast(1).Select(Acknowledgement.Parse)];
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
    }
}
