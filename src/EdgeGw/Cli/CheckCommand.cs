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

    private static int Run(LoadedConfig loaded, CliContext context)
    {
        ConfigOptions.Report(loaded.Faults, "", context.Error);
        ConfigOptions.Report(loaded.Warnings, "warning: ", context.Error);
        var source = loaded.File ?? "environment";
        if (loaded.Config is not { } config)
        {
            context.Error.WriteLine($"{source}: {Count(loaded.Faults.Count, "fault")}");
            return ExitCode.Usage;
        }
        foreach (var note in loaded.Notes)
        {
            context.Out.WriteLine(note);
        }
        context.Out.WriteLine(
            $"{source}: good: {Count(config.Providers.Count, "provider")}, {Count(config.Models.Count, "alias", "aliases")}, "
            + $"{Count(config.Policies.Count, "policy", "policies")}, {Count(config.Budgets.Count, "budget")}, {Count(config.Limits.Count, "limit")}, {Count(config.Identity.Keys.Count, "key")}; data on {config.Listen.Data}, admin on {config.Listen.Admin}");
        return ExitCode.Ok;
    }

    private static string Count(int number, string one, string? many = null) => number == 1 ? $"1 {one}" : $"{number} {many ?? one + "s"}";
}
