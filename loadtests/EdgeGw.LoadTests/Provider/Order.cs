using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace EdgeGw.LoadTests.Provider;

/// <summary>What a request asks of the fake provider. It stands in the prompt, because that is what every gateway passes on unchanged.</summary>
/// <param name="DelayMilliseconds">Before the first byte.</param>
/// <param name="Chunks">Content chunks of a stream; 0: an unstreamed answer.</param>
/// <param name="PaceMilliseconds">Between two chunks; 0: as fast as they can be sent, each with its own send.</param>
internal readonly record struct Order(int DelayMilliseconds, int Chunks, int PaceMilliseconds)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"lab:d{DelayMilliseconds},c{Chunks},p{PaceMilliseconds};");

    /// <returns>False when the body holds no order.</returns>
    public static bool TryRead(ReadOnlySpan<byte> body, out Order order)
    {
        order = default;
        var at = body.IndexOf("lab:d"u8);
        if (at < 0)
        {
            return false;
        }
        body = body[(at + 5)..];
        if (!Number(ref body, out var delay) || !body.StartsWith(",c"u8))
        {
            return false;
        }
        body = body[2..];
        if (!Number(ref body, out var chunks) || !body.StartsWith(",p"u8))
        {
            return false;
        }
        body = body[2..];
        order = new Order(delay, chunks, 0);
        if (!Number(ref body, out var pace))
        {
            return false;
        }
        order = order with { PaceMilliseconds = pace };
        return true;
    }

    /// <summary>A chat completion request as an SDK sends it, of about 0.7 KB.</summary>
    public byte[] ToRequest(string path, string host, string bearer)
    {
        var prompt = string.Concat(Enumerable.Repeat("Summarise the incident report below in three sentences. ", 8));
        var stream = Chunks > 0 ? "\"stream\":true,\"stream_options\":{\"include_usage\":true}," : "";
        var body = $$"""{"model":"openai/{{Answers.Model}}","temperature":0.2,"max_tokens":400,{{stream}}"messages":[{"role":"system","content":"You are terse."},{"role":"user","content":"{{this}} {{prompt}}"}]}""";
        var head = $"POST {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {bearer}\r\nContent-Type: application/json\r\nAccept: application/json\r\n"
            + $"User-Agent: edgegw-loadtests\r\nContent-Length: {Encoding.ASCII.GetByteCount(body)}\r\n\r\n";
        return Encoding.ASCII.GetBytes(head + body);
    }

    private static bool Number(ref ReadOnlySpan<byte> text, out int value)
    {
        var read = Utf8Parser.TryParse(text, out value, out var length);
        text = text[length..];
        return read;
    }
}
