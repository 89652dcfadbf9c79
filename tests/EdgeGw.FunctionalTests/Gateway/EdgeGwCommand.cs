using System.Diagnostics;

namespace EdgeGw.FunctionalTests.Gateway;

/// <summary>The command line of the program under test.</summary>
internal static class EdgeGwCommand
{
    /// <summary>Runs a command to its end.</summary>
    public static async Task<CommandResult> RunAsync(IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        using var process = Start(arguments, environment ?? new Dictionary<string, string>());
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        try
        {
            await process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            Signals.SendKill(process);
            throw new TimeoutException($"edgegw {string.Join(' ', arguments)} did not end.\n{await errors}\n{await output}");
        }
        return new CommandResult(process.ExitCode, await output, await errors);
    }

    public static Process Start(IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo(EdgeGwBinary.Path, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        // The developer's own keys and settings must not reach the program under test.
        foreach (var name in start.Environment.Keys.Where(IsOurs).ToList())
        {
            start.Environment.Remove(name);
        }
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }
        var process = Process.Start(start) ?? throw new InvalidOperationException("edgegw could not be started.");
        process.StandardInput.Close();
        return process;
    }

    private static bool IsOurs(string name) =>
        name.StartsWith("EDGEGW_", StringComparison.Ordinal) || name.EndsWith("_API_KEY", StringComparison.Ordinal) || name.EndsWith("_BASE_URL", StringComparison.Ordinal);
}

/// <summary>How a command ended and what it printed.</summary>
internal sealed record CommandResult(int ExitCode, string Output, string Errors)
{
    public string All => Output + Errors;
}
