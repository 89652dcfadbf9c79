using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;

namespace EdgeGw.LoadTests.Lab;

/// <summary>Which programs the figures belong to.</summary>
/// <param name="Sha256">Of the gateway's binary, in hex.</param>
/// <param name="Others">Versions of the other targets.</param>
internal sealed record Provenance(string Version, string Sha256, long Bytes, IReadOnlyList<string> Others, string Source)
{
    /// <param name="source">The commit that the lab was built from.</param>
    public static Provenance Of(LabOptions options, string source)
    {
        var others = new List<string>();
        if (options.Nginx is { } nginx)
        {
            others.Add(FirstLine(nginx, "-v").Replace("nginx version: ", "", StringComparison.Ordinal));
        }
        if (options.Haproxy is { } haproxy && options.Depth > Depth.Ci)
        {
            others.Add(string.Join(' ', FirstLine(haproxy, "-v").Split(' ').Take(3)));
        }
        if (options.Portkey is { } portkey && options.Depth > Depth.Ci)
        {
            using var package = JsonDocument.Parse(File.ReadAllText(Path.Combine(Path.GetDirectoryName(portkey)!, "..", "package.json")));
            others.Add($"{package.RootElement.GetProperty("name").GetString()} {package.RootElement.GetProperty("version").GetString()} on node {FirstLine("node", "--version")}");
        }
        return new Provenance(
            FirstLine(options.Binary, "version"),
            Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(options.Binary))),
            new FileInfo(options.Binary).Length,
            others,
            source);
    }

    private static string FirstLine(string program, string argument)
    {
        using var process = Process.Start(new ProcessStartInfo(program, [argument]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        // Some print their version to the other stream.
        var text = process.StandardOutput.ReadToEnd() + process.StandardError.ReadToEnd();
        process.WaitForExit();
        return text.Split('\n')[0].Trim();
    }
}
