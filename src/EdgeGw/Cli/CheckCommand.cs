using System.CommandLine;
using EdgeGw.Configuration;

namespace EdgeGw.Cli;

internal static class CheckCommand
{
    public static Command Build(CliContext context)
    {
        var options = new ConfigOptions();
        var schema = new Option<bool>("--schema") { Description = "Print the configuration's JSON Schema instead, for editors" };
        var command = new Command("check", "Check the configuration and list everything that is wrong with it, with its line") { schema };
        options.AddTo(command);
        command.SetAction(line =>
        {
            if (!line.GetValue(schema))
            {
                return Run(options.Loader(line, context)(), context);
            }
            context.Out.Write(ConfigSchema.Text);
            return ExitCode.Ok;
        });
        return command;
    }

    private static int Run(ConfigResult result, CliContext context)
    {
        var faults = result.Faults.Concat(ConfigFiles.Check(result)).ToArray();
        ConfigOptions.Report(faults, "", context.Error);
        ConfigOptions.Report(result.Warnings.Concat(ConfigFiles.Warnings(result)), "warning: ", context.Error);
        var source = result.File ?? "environment";
        if (faults.Length > 0 || result.Config is not { } config)
        {
            context.Error.WriteLine($"{source}: {Count(faults.Length, "fault")}");
            return ExitCode.Usage;
        }
        foreach (var note in result.Notes)
        {
            context.Out.WriteLine(note);
        }
        context.Out.WriteLine(
            $"{source}: good: {Count(config.Providers.Count, "provider")}, {Count(config.Models.Count, "alias", "aliases")}, "
            + $"{Count(config.Budgets.Count, "budget")}, {Count(config.Identity.Keys.Count, "key")}; data on {config.Listen.Data}, admin on {config.Listen.Admin}");
        return ExitCode.Ok;
    }

    private static string Count(int number, string one, string? many = null) => number == 1 ? $"1 {one}" : $"{number} {many ?? one + "s"}";
}
