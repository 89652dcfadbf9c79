using System.CommandLine;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EdgeGw.Cli;

internal static class VersionCommand
{
    /// <summary>With the commit after a <c>+</c> where the build knew it.</summary>
    public static string Version { get; } =
        typeof(VersionCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    public static Command Build(CliContext context)
    {
        var command = new Command("version", "Print the version and the runtime");
        command.SetAction(_ =>
        {
            var compilation = RuntimeFeature.IsDynamicCodeSupported ? "JIT" : "native AOT";
            context.Out.WriteLine($"edgegw {Version} ({RuntimeInformation.FrameworkDescription}, {compilation}, {RuntimeInformation.RuntimeIdentifier})");
            return ExitCode.Ok;
        });
        return command;
    }
}
