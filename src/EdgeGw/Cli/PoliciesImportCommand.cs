using System.CommandLine;
using System.Text;
using EdgeGw.Configuration;
using EdgeGw.Policy.Import;
using EdgeGw.Pricing;

namespace EdgeGw.Cli;

internal static class PoliciesImportCommand
{
    public static Command Build(CliContext context)
    {
        var file = new Argument<string>("file") { Description = "Cloudflare's policies as its API gives them, or - for standard input" };
        var output = new Option<string?>("--output", "--out", "-o") { Description = "Where the section goes [default: standard output]", HelpName = "file" };
        var json = new Option<bool>("--json") { Description = "Print one JSON object: the section, and what differs from the source" };
        var command = new Command("import",
            "Make policies and budgets of Cloudflare's policies; what cannot be carried over is listed on standard error. Exit code 1: something that was blocked or limited is not")
        {
            output, json, file,
        };
        command.SetAction(line => Run(line.GetRequiredValue(file), line.Given(output), line.GetValue(json), context));
        return command;
    }

    private static int Run(string file, string? output, bool asJson, CliContext context)
    {
        if (PriceFiles.TryRead(file, out var source) is { } problem)
        {
            context.Error.WriteLine(problem);
            return ExitCode.Usage;
        }
        ImportedSection section;
        try
        {
            section = CloudflareImport.Read(source);
        }
        catch (InvalidDataException broken)
        {
            context.Error.WriteLine($"{file}: {PlainText.ForTerminal(broken.Message)}");
            return ExitCode.Usage;
        }
        var text = SectionWriter.Write(section);
        if (Faults(text, context) is { Count: > 0 } faults)
        {
            ConfigOptions.Report(faults, "", context.Error);
            return ExitCode.Failure;
        }
        if (output is not null && !Save(output, text, context))
        {
            return ExitCode.Failure;
        }
        if (asJson)
        {
            context.Out.Write(SectionWriter.WriteWithNotes(section));
        }
        else
        {
            if (output is null)
            {
                context.Out.Write(text);
            }
            Report(section, context);
        }
        return section.Report.Opens ? ExitCode.Failure : ExitCode.Ok;
    }

    /// <summary>Nothing is printed that the configuration would not take.</summary>
    private static IReadOnlyList<ConfigFault> Faults(string section, CliContext context) => ConfigLoader.Load(
        Encoding.UTF8.GetBytes(section), "the imported section", context.Environment, context.Providers, new ConfigOverrides { DataDirectory = "." }).Faults;

    private static bool Save(string path, string text, CliContext context)
    {
        try
        {
            File.WriteAllText(path, text);
            return true;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            context.Error.WriteLine($"{path} cannot be written: {fault.Message}");
            return false;
        }
    }

    private static void Report(ImportedSection section, CliContext context)
    {
        foreach (var notes in section.Report.Notes.GroupBy(static note => note.Loss))
        {
            context.Error.WriteLine(notes.Key switch
            {
                ImportLoss.Opens => "NOT BLOCKED ANY MORE; do not use this before you have made rules for it:",
                ImportLoss.Unlimits => "NOT LIMITED ANY MORE, where another policy admits the same calls; what only this admitted is refused:",
                ImportLoss.LeftOut => "Left out, and so refused:",
                ImportLoss.Changed => "Changed:",
                _ => "Needed for it to work as before:",
            });
            foreach (var note in notes)
            {
                var place = note.Policy.Length > 0 ? $"{note.Policy} ({note.Pointer}): " : note.Pointer.Length > 0 ? $"{note.Pointer}: " : "";
                context.Error.WriteLine($"  {PlainText.ForTerminal(place + note.Message)}");
            }
        }
        context.Error.WriteLine($"{section.Rules.Count} policies and {section.Budgets.Count} budgets made");
    }
}
