using System.Buffers;
using System.CommandLine;
using System.Text;
using System.Text.Json;
using EdgeGw.Configuration;

namespace EdgeGw.Cli;

/// <summary><c>edgegw simulate</c>: asks the running gateway what would become of a call, or judges the last recorded ones by a configuration.</summary>
internal static class SimulateCommand
{
    public static Command Build(CliActions actions, CliContext context)
    {
        var options = new ConfigOptions();
        var model = new Option<string>("--model") { Description = "An alias or provider/model", HelpName = "model" };
        // One option for each text that the admin API takes as it is.
        (string Field, Option<string?> Option)[] texts =
        [
            ("key", Text("--key", "The name or id of a virtual key", "name")), ("user", Text("--user", "The caller's user", "name")),
            ("email", Text("--email", "The caller's address", "address")), ("service", Text("--service", "The caller's service", "name")),
            ("dialect", Text("--dialect", "The API spoken (chat_completions)", "name")), ("time", Text("--time", "When, for policies (now)", "rfc3339")),
            ("source", Text("--source", "Where the caller connects from", "address")),
        ];
        var groups = new Option<string[]>("--group") { Description = "A group of the caller; repeat it for more", HelpName = "name" };
        var labels = new Option<Dictionary<string, string>?>("--metadata") { Description = "A label that the caller sends; repeat it for more", HelpName = "name=value", CustomParser = CustomParsers.Labels, Arity = ArgumentArity.OneOrMore };
        var claims = new Option<Dictionary<string, string>?>("--claim") { Description = "A claim of the caller's token; repeat it for more", HelpName = "name=value", CustomParser = CustomParsers.Labels, Arity = ArgumentArity.OneOrMore };
        var output = new Option<int?>("--max-output") { Description = "The cap on output tokens", HelpName = "tokens" };
        var prompt = new Option<int?>("--prompt-bytes") { Description = "The size of the body (1000)", HelpName = "bytes" };
        (string Field, Option<bool> Option)[] flags =
        [
            ("stream", new Option<bool>("--stream") { Description = "A stream is asked for" }), ("tools", new Option<bool>("--tools") { Description = "Tools are declared" }),
            ("images", new Option<bool>("--images") { Description = "The body holds images" }),
        ];
        var last = new Option<int?>("--last") { Description = "Instead of one call: how this configuration would have judged the last so many recorded ones, and what they would have cost", HelpName = "calls" };
        var asJson = new Option<bool>("--json") { Description = "With --last: print one JSON object" };
        var command = new Command("simulate", "What would become of a call, or of recorded ones: policies, target, limits and budgets. Nothing is sent, held or counted") { model, groups, labels, claims, output, prompt };
        foreach (var (_, option) in texts)
        {
            command.Add(option);
        }
        foreach (var (_, option) in flags)
        {
            command.Add(option);
        }
        Option[] ofOneCall = [.. command.Options];
        command.Add(last);
        command.Add(asJson);
        options.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetResult(last) is null)
            {
                if (result.GetResult(model) is null)
                {
                    result.AddError("name a call by --model, or ask for recorded ones by --last");
                }
                else if (result.GetResult(asJson) is not null)
                {
                    result.AddError("--json goes with --last; the answer about one call always is JSON");
                }
            }
            else if (Array.Find(ofOneCall, option => result.GetResult(option) is { Implicit: false }) is { } other)
            {
                result.AddError($"{other.Name} describes one call and cannot be combined with --last, which takes the calls as they were recorded");
            }
        });
        command.SetAction((line, cancellation) => line.Given(last) is { } calls
            ? DryRunAsync(options.Loader(line, context)(), calls, line.GetValue(asJson), cancellation)
            : ControlCommand.RunAsync(
                options, line, actions, context, (plane, token) => plane.SimulateAsync(Body(line), token), answer => context.Out.WriteLine(answer.Json), cancellation));
        return command;

        Task<int> DryRunAsync(LoadedConfig loaded, int calls, bool json, CancellationToken cancellation)
        {
            if (calls is < 1 or > DryRunOptions.MostCalls)
            {
                context.Error.WriteLine($"--last takes 1 to {DryRunOptions.MostCalls} calls");
                return Task.FromResult(ExitCode.Usage);
            }
            ConfigOptions.Report(loaded.Faults, "", context.Error);
            ConfigOptions.Report(loaded.Warnings, "warning: ", context.Error);
            return loaded.Config is null ? Task.FromResult(ExitCode.Usage) : actions.DryRun(new DryRunOptions(loaded, calls, json), context, cancellation);
        }

        ReadOnlyMemory<byte> Body(ParseResult line)
        {
            var buffer = new ArrayBufferWriter<byte>();
            using var json = new Utf8JsonWriter(buffer);
            json.WriteStartObject();
            json.WriteString("model", line.GetRequiredValue(model));
            foreach (var (field, option) in texts)
            {
                if (line.Given(option) is { } text)
                {
                    json.WriteString(field, text);
                }
            }
            if (line.Given(groups) is { } given)
            {
                json.WriteStartArray("groups");
                foreach (var group in given)
                {
                    json.WriteStringValue(group);
                }
                json.WriteEndArray();
            }
            WriteMap(json, "metadata", line.Given(labels));
            WriteMap(json, "claims", line.Given(claims));
            WriteNumber(json, "max_output", line.Given(output));
            WriteNumber(json, "prompt_bytes", line.Given(prompt));
            foreach (var (field, option) in flags)
            {
                json.WriteBoolean(field, line.GetValue(option));
            }
            json.WriteEndObject();
            json.Flush();
            return buffer.WrittenMemory;
        }
    }

    private static Option<string?> Text(string name, string description, string help) => new(name) { Description = description, HelpName = help };

    private static void WriteMap(Utf8JsonWriter json, string name, Dictionary<string, string>? map)
    {
        if (map is null)
        {
            return;
        }
        json.WriteStartObject(name);
        foreach (var (key, value) in map)
        {
            json.WriteString(key, value);
        }
        json.WriteEndObject();
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, int? number)
    {
        if (number is { } value)
        {
            json.WriteNumber(name, value);
        }
    }
}

/// <summary>What the gateway says of a simulated call.</summary>
/// <param name="Json">The admin API's answer, one member a line.</param>
public sealed record SimulationAnswer(string Json)
{
    /// <summary>Indented, for people; escaped to ASCII, since the words of policies end up in terminals.</summary>
    public static SimulationAnswer Of(JsonElement json)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            json.WriteTo(writer);
        }
        return new(Encoding.UTF8.GetString(buffer.WrittenSpan));
    }
}
