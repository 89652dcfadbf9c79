using EdgeGw.FunctionalTests.Providers;

namespace EdgeGw.FunctionalTests;

/// <summary>Needs node and npm: skipped with a visible reason on a machine without them, never in CI.</summary>
public sealed class RequiresNodeFactAttribute : FactAttribute
{
    public RequiresNodeFactAttribute() => Skip = Missing.Unless(Programs.Exist("node", "npm"), "node and npm are not installed");
}

/// <inheritdoc cref="RequiresNodeFactAttribute"/>
public sealed class RequiresNodeTheoryAttribute : TheoryAttribute
{
    public RequiresNodeTheoryAttribute() => Skip = Missing.Unless(Programs.Exist("node", "npm"), "node and npm are not installed");
}

/// <summary>Needs promtool, which comes with Prometheus.</summary>
public sealed class RequiresPromtoolFactAttribute : FactAttribute
{
    public RequiresPromtoolFactAttribute() => Skip = Missing.Unless(Programs.Exist("promtool"), "promtool is not installed");
}

/// <summary>Needs the recorded answers that lie beside the repository, in CI too only where they are.</summary>
public sealed class RequiresCorpusFactAttribute : FactAttribute
{
    public RequiresCorpusFactAttribute() => Skip = Corpus.IsPresent ? null : "there is no ../shared/corpus beside the repository";
}

/// <summary>Needs node and the recorded answers.</summary>
public sealed class RequiresNodeAndCorpusFactAttribute : FactAttribute
{
    public RequiresNodeAndCorpusFactAttribute() => Skip = !Corpus.IsPresent
        ? "there is no ../shared/corpus beside the repository"
        : Missing.Unless(Programs.Exist("node", "npm"), "node and npm are not installed");
}

internal static class Missing
{
    /// <summary>A reason to skip; none in CI, where a missing tool must fail the test instead of hiding it.</summary>
    public static string? Unless(bool present, string reason) =>
        present || Environment.GetEnvironmentVariable("CI") == "true" ? null : reason;
}

internal static class Programs
{
    public static bool Exist(params string[] names) => names.All(name =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => folder.Length > 0 && File.Exists(Path.Combine(folder, name))));

    /// <summary>Runs a tool to its end; throws with what it printed where it fails.</summary>
    public static async Task<string> RunAsync(string name, IReadOnlyList<string> arguments, string? input = null, string? folder = null, bool allowFailure = false)
    {
        using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(name, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder ?? Repository.Root,
        })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 || allowFailure
            ? await output + (allowFailure ? await errors : "")
            : throw new InvalidOperationException($"{name} {string.Join(' ', arguments)} ended with {process.ExitCode}.\n{await errors}\n{await output}");
    }
}
