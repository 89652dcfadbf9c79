using System.Text.Json;

namespace EdgeGw.FunctionalTests.Providers;

/// <summary>One answer that <see cref="BackgroundProvider"/> makes in the background, as the request's <c>metadata</c> asks for it.</summary>
internal sealed class BackgroundJob(string id, string model, long input, long output, int pending, string end)
{
    public const string Text = "made in the background, piece by piece";

    private int _pending = pending;
    private string? _cancelled;

    public string Id { get; } = id;
    public string Model { get; } = model;
    public long Input { get; } = input;
    public long Output { get; } = output;

    /// <summary>What it has become: <c>in_progress</c> for as many reads as were asked for, then its end.</summary>
    public string Read() => _cancelled ?? (Interlocked.Decrement(ref _pending) >= 0 ? "in_progress" : end);

    public void Cancel() => _cancelled = "cancelled";

    /// <summary>Reported, and therefore billed.</summary>
    public bool HasUsage => (_cancelled ?? end) is "completed" or "incomplete" or "requires_action";

    public static BackgroundJob Of(string id, JsonElement request)
    {
        var wishes = request.GetProperty("metadata");
        return new BackgroundJob(id, request.GetProperty("model").GetString()!, Number("in"), Number("out"), (int)Number("pending"), wishes.GetProperty("end").GetString()!);

        long Number(string name) => long.Parse(wishes.GetProperty(name).GetString()!, System.Globalization.CultureInfo.InvariantCulture);
    }

    public string Response(string status) =>
        $$"""{"id":"{{Id}}","object":"response","background":true,"status":"{{status}}","error":{{(status == "failed" ? """{"code":"server_error","message":"fake"}""" : "null")}},"model":"{{Model}}","output":[{{ResponseOutput(status)}}],"service_tier":"default","usage":{{ResponseUsage(status)}}}""";

    public string Interaction(string status) =>
        $$"""{"id":"{{Id}}","object":"interaction","status":"{{status}}","model":"{{Model}}","outputs":[{{(HasText(status) ? $$"""{"type":"text","text":"{{Text}}"}""" : "")}}]{{InteractionUsage(status)}}}""";

    private static bool HasText(string status) => status is not ("queued" or "in_progress" or "failed");

    private static string ResponseOutput(string status) =>
        HasText(status) ? $$"""{"id":"msg_1","type":"message","status":"completed","role":"assistant","content":[{"type":"output_text","annotations":[],"text":"{{Text}}"}]}""" : "";

    private string ResponseUsage(string status) => HasUsage && HasText(status)
        ? $$$"""{"input_tokens":{{{Input}}},"input_tokens_details":{"cached_tokens":0},"output_tokens":{{{Output}}},"output_tokens_details":{"reasoning_tokens":0},"total_tokens":{{{Input + Output}}}}"""
        : "null";

    private string InteractionUsage(string status) => HasUsage && HasText(status)
        ? $$""","usage":{"total_input_tokens":{{Input}},"total_output_tokens":{{Output}},"total_thought_tokens":0,"total_tool_use_tokens":0,"total_cached_tokens":0,"total_tokens":{{Input + Output}}}"""
        : "";
}
