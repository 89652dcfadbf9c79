using EdgeGw.Configuration.Binding;
using EdgeGw.Configuration.Reading;

namespace EdgeGw.Configuration;

/// <summary>Reads a configuration from text, from a file or from the environment alone, and lists everything that is wrong with it at once.</summary>
/// <remarks>Never throws for what a file holds. Names and their meaning: <c>edgegw.schema.json</c>.</remarks>
public static class ConfigLoader
{
    /// <summary>What stands in place of a file's name when there is none.</summary>
    internal const string EnvironmentName = "environment";

    private const int LargestFile = 1 << 20;

    /// <param name="fileName">Named in faults; relative paths in the configuration start at its folder.</param>
    public static ConfigResult Load(
        ReadOnlySpan<byte> utf8, string fileName, IEnvironment environment, KnownProviders providers, ConfigOverrides? overrides = null)
    {
        var context = new BindContext(fileName, environment, providers, overrides ?? ConfigOverrides.None);
        var config = ConfigDocument.Parse(utf8, fileName, context.Faults) is { } root ? RootBinder.Bind(context, root) : null;
        var bound = new ConfigResult
        {
            Faults = context.Faults,
            Warnings = context.Warnings,
            File = fileName,
            Positions = context.Positions,
        };
        return config is null ? bound : ConfigChecks.Complete(bound, config, context.Overrides);
    }

    /// <summary>Like <see cref="Load"/>; a file that cannot be read is a fault as well.</summary>
    public static ConfigResult LoadFile(string path, IEnvironment environment, KnownProviders providers, ConfigOverrides? overrides = null)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            // One byte more than allowed tells a file that is too large, also where a pipe has no length to ask for.
            var text = new byte[LargestFile + 1];
            var length = file.ReadAtLeast(text, text.Length, throwOnEndOfStream: false);
            return length > LargestFile
                ? Unreadable(path, $"is larger than {ByteSizeText.Format(LargestFile)}")
                : Load(text.AsSpan(0, length), path, environment, providers, overrides);
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            return Unreadable(path, "there is no such file");
        }
        catch (UnauthorizedAccessException)
        {
            return Unreadable(path, Directory.Exists(path) ? "is a folder" : "may not be read by this user");
        }
        catch (Exception fault) when (fault is IOException or NotSupportedException or ArgumentException)
        {
            return Unreadable(path, $"cannot be read: {fault.Message}");
        }
    }

    /// <summary>Without a file: providers from the SDKs' own variables, loopback listeners, data under the XDG state folder.</summary>
    public static ConfigResult FromEnvironment(IEnvironment environment, KnownProviders providers, ConfigOverrides? overrides = null) =>
        EnvironmentConfig.Build(environment, providers, overrides ?? ConfigOverrides.None);

    private static ConfigResult Unreadable(string path, string message) =>
        new() { File = path, Faults = [new ConfigFault(path, 0, 0, "", message)] };
}
