using System.CommandLine;

namespace EdgeGw.Cli;

internal static class MeterCommand
{
    public static Command Build(CliActions actions, CliContext context)
    {
        var file = new Argument<string>("file") { Description = "The recorded body, or - for standard input" };
        var provider = new Option<string>("--provider") { Description = "Who answered, such as openai", Required = true, HelpName = "name" };
        var api = new Option<string>("--api") { Description = "Which API, such as chat", Required = true, HelpName = "name" };
        var model = new Option<string?>("--model") { Description = "The model asked for, where the body does not say", HelpName = "name" };
        var stream = new Option<bool>("--stream") { Description = "The answer was streamed" };
        var encoding = new Option<string?>("--content-encoding") { Description = "How the body is compressed, such as gzip", HelpName = "coding" };
        var headers = new Option<List<KeyValuePair<string, string>>?>("--header")
        {
            Description = "A header of the answer; may be repeated",
            HelpName = "name: value",
            CustomParser = CustomParsers.Headers,
            Arity = ArgumentArity.OneOrMore,
        };
        var chunkSize = new Option<int?>("--chunk-size")
        {
            Description = "Feed the body this many bytes at a time",
            HelpName = "bytes",
            CustomParser = CustomParsers.ChunkSize,
        };
        var command = new Command("meter", "Meter a recorded answer and print its usage and cost as one JSON line, without a gateway")
        {
            provider, api, model, stream, encoding, headers, chunkSize, file,
        };
        command.SetAction((line, cancellation) =>
        {
            var options = new MeterFileOptions
            {
                File = line.GetRequiredValue(file),
                Provider = line.GetRequiredValue(provider),
                Api = line.GetRequiredValue(api),
                Model = line.Given(model),
                Stream = line.GetValue(stream),
                ContentEncoding = line.Given(encoding),
                Headers = line.Given(headers) ?? [],
                ChunkSize = line.Given(chunkSize),
            };
            return actions.Meter(options, context, cancellation);
        });
        return command;
    }
}
