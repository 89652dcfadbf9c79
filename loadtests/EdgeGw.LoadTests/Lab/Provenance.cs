using System.Diagnostics;
using System.Security.Cryptography;

namespace EdgeGw.LoadTests.Lab;

/// <summary>Which programs the figures belong to.</summary>
/// <param name="Sha256">Of the gateway's binary, in hex.</param>
internal sealed record Provenance(string Version, string Sha256, long Bytes, string Nginx, string Commit)
{
    public static Provenance Of(LabOptions options, string commit) => new(
        FirstLine(options.Binary, "version"),
        Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(options.Binary))),
        new FileInfo(options.Binary).Length,
        options.Nginx is null ? "no nginx" : FirstLine(options.Nginx, "-v").Replace("nginx version: ", "", StringComparison.Ordinal),
        commit);

    private static string FirstLine(string program, string argument)
    {
        using var process = Process.Start(new ProcessStartInfo(program, [argument]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        // Some print their version to the other stream.
        var text = process.StandardOutput.ReadToEnd() + process.StandardError.ReadToEnd();
        process.WaitForExit();
        return text.Split('\n')[0].Trim();
    }
}
