using System.Globalization;
using System.Text;
using EdgeGw.LoadTests.Provider;

namespace EdgeGw.LoadTests.Client;

/// <summary>One request, serialised once; each worker has a copy, in which only the caller's number changes.</summary>
internal sealed class LabRequest
{
    private const string CallerDigits = "0000000";
    private readonly int _callerAt;

    private LabRequest(string path, string host, IReadOnlyList<(string Name, string Value)> headers, byte[] body, byte[] wire)
    {
        Path = path;
        Host = host;
        Headers = headers;
        Body = body;
        Wire = wire;
        _callerAt = wire.AsSpan().IndexOf(Encoding.ASCII.GetBytes($"\"caller\":\"{CallerDigits}"));
        _callerAt += _callerAt < 0 ? 0 : "\"caller\":\"".Length;
    }

    public string Path { get; }

    public string Host { get; }

    public IReadOnlyList<(string Name, string Value)> Headers { get; }

    public byte[] Body { get; }

    /// <summary>As HTTP/1.1 sends it.</summary>
    public byte[] Wire { get; }

    /// <summary>A chat completion as an SDK sends it.</summary>
    /// <param name="bodyBytes">The body's size; the prompt fills it up.</param>
    /// <param name="headers">Beside those that every client sends.</param>
    /// <param name="namesCaller">Sends the label whose value <see cref="SetCaller"/> changes.</param>
    public static LabRequest ChatCompletion(Order order, int bodyBytes, string model, string host, IEnumerable<(string, string)> headers, bool namesCaller)
    {
        const string Path = "/v1/chat/completions";
        var stream = order.Chunks > 0 ? "\"stream\":true,\"stream_options\":{\"include_usage\":true}," : "";
        var front = $$"""{"model":"{{model}}","temperature":0.2,"max_tokens":400,{{stream}}"messages":[{"role":"system","content":"You are terse."},{"role":"user","content":"{{order}} """;
        const string Back = "\"}]}";
        const string Sentence = "Summarise the incident report below in three sentences. ";
        var fill = Math.Max(0, bodyBytes - front.Length - Back.Length);
        var prompt = new StringBuilder(fill + Sentence.Length);
        while (prompt.Length < fill)
        {
            prompt.Append(Sentence);
        }
        prompt.Length = fill;
        var body = Encoding.ASCII.GetBytes(front + prompt + Back);
        var all = new List<(string Name, string Value)> { ("Content-Type", "application/json"), ("Accept", "application/json"), ("User-Agent", "edgegw-loadtests") };
        all.AddRange(headers);
        if (namesCaller)
        {
            all.Add(("x-edgegw-metadata", $$"""{"caller":"{{CallerDigits}}"}"""));
        }
        var head = new StringBuilder($"POST {Path} HTTP/1.1\r\nHost: {host}\r\n");
        all.ForEach(header => head.Append(CultureInfo.InvariantCulture, $"{header.Name}: {header.Value}\r\n"));
        head.Append(CultureInfo.InvariantCulture, $"Content-Length: {body.Length}\r\n\r\n");
        return new LabRequest(Path, host, all, body, [.. Encoding.ASCII.GetBytes(head.ToString()), .. body]);
    }

    public LabRequest Copy() => new(Path, Host, Headers, Body, [.. Wire]);

    /// <param name="caller">Below ten million.</param>
    public void SetCaller(int caller)
    {
        if (!caller.TryFormat(Wire.AsSpan(_callerAt, CallerDigits.Length), out _, "D7", CultureInfo.InvariantCulture))
        {
            throw new ArgumentOutOfRangeException(nameof(caller));
        }
    }
}
