using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using BenchmarkDotNet.Attributes;
using EdgeGw.Metering;
using EdgeGw.Metering.Framing;

namespace EdgeGw.Bench;

/// <summary>Metering of a long answer as its bytes pass, in pieces of the size that a socket gives. 1 MiB an operation, so ops/s are MiB/s.</summary>
[MemoryDiagnoser]
public class MeteringBench
{
    private const int Size = 1 << 20;
    private const int Piece = 16 << 10;

    private readonly AnswerMeter _meter = new();
    private readonly UsageHider _hider = new();
    private readonly ArrayBufferWriter<byte> _output = new(Size * 2);
    private byte[] _chat = [];
    private byte[] _messages = [];
    private byte[] _embeddings = [];
    private byte[] _ollama = [];
    private byte[] _converse = [];
    private byte[] _invoke = [];

    [GlobalSetup]
    public void Setup()
    {
        _chat = Repeat(
            "data: {\"id\":\"chatcmpl-BzQ7v3f9mVXk2T\",\"object\":\"chat.completion.chunk\",\"created\":1755000000,\"model\":\"gpt-4o-mini-2024-07-18\",\"service_tier\":\"default\",\"system_fingerprint\":\"fp_560af6e559\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\" answer\"},\"logprobs\":null,\"finish_reason\":null}],\"usage\":null,\"obfuscation\":\"aB3dE\"}\n\n",
            "data: {\"id\":\"chatcmpl-BzQ7v3f9mVXk2T\",\"choices\":[],\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":20,\"total_tokens\":30}}\n\ndata: [DONE]\n\n");
        _messages = Repeat(
            "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\" several words of text\"}           }\n\n",
            "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"input_tokens\":10,\"output_tokens\":20}}\n\n");
        _ollama = Repeat(
            "{\"model\":\"gemma3:1b\",\"created_at\":\"2025-08-20T13:48:22.164615Z\",\"message\":{\"role\":\"assistant\",\"content\":\" answer\"},\"done\":false}\n",
            "{\"model\":\"gemma3:1b\",\"done\":true,\"done_reason\":\"stop\",\"prompt_eval_count\":10,\"eval_count\":22}\n");
        _converse = Frames("contentBlockDelta", "{\"contentBlockIndex\":0,\"delta\":{\"text\":\" several words of text\"},\"p\":\"abcdefghijklmnopqrstuvwxyz\"}");
        _invoke = Frames(
            "chunk",
            "{\"bytes\":\"" + Convert.ToBase64String("{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\" words of text\"}}"u8) + "\",\"p\":\"abcdefghijklmnop\"}");
        _embeddings = Encoding.UTF8.GetBytes(
            "{\"object\":\"list\",\"data\":[{\"index\":0,\"embedding\":[" + string.Join(',', Enumerable.Repeat("-0.0123456", Size / 11)) + "]}],\"model\":\"m\",\"usage\":{\"prompt_tokens\":5,\"total_tokens\":5}}");
    }

    [Benchmark]
    public long ChatStream() => Meter(_chat, Dialect.ChatCompletions);

    [Benchmark]
    public long MessagesStream() => Meter(_messages, Dialect.Messages);

    [Benchmark]
    public long EmbeddingsBody() => Meter(_embeddings, Dialect.Embeddings);

    [Benchmark]
    public long OllamaStream() => Meter(_ollama, Dialect.Ollama);

    [Benchmark]
    public long ConverseStream() => Meter(_converse, Dialect.Converse);

    [Benchmark]
    public long InvokeModelStream() => Meter(_invoke, Dialect.InvokeModel);

    [Benchmark]
    public int ChatStreamHidingUsage()
    {
        _output.ResetWrittenCount();
        _hider.Start();
        for (var at = 0; at < _chat.Length; at += Piece)
        {
            _hider.Write(_chat.AsSpan(at, Math.Min(Piece, _chat.Length - at)), _output);
        }
        _hider.Complete(_output);
        return _output.WrittenCount;
    }

    private long Meter(byte[] body, Dialect dialect)
    {
        _meter.Start(new MeterOptions { Dialect = dialect, Provider = "openai", Stream = true });
        for (var at = 0; at < body.Length; at += Piece)
        {
            _meter.Observe(body.AsSpan(at, Math.Min(Piece, body.Length - at)));
        }
        return _meter.Finish().Usage.Input;
    }

    /// <summary>One event stream frame over and over.</summary>
    private static byte[] Frames(string type, string payload)
    {
        var frame = new ArrayBufferWriter<byte>();
        byte[] headers = [11, .. ":event-type"u8, 7, 0, (byte)type.Length, .. Encoding.ASCII.GetBytes(type)];
        Number(frame, (uint)(16 + headers.Length + payload.Length));
        Number(frame, (uint)headers.Length);
        Number(frame, Crc32.Append(0, frame.WrittenSpan));
        frame.Write(headers);
        frame.Write(Encoding.ASCII.GetBytes(payload));
        Number(frame, Crc32.Append(0, frame.WrittenSpan));
        return [.. Enumerable.Repeat(frame.WrittenSpan.ToArray(), (Size / frame.WrittenCount) + 1).SelectMany(static f => f)];
    }

    private static void Number(ArrayBufferWriter<byte> output, uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(output.GetSpan(4), value);
        output.Advance(4);
    }

    private static byte[] Repeat(string @event, string last)
    {
        var text = new StringBuilder(Size + 1024);
        while (text.Length < Size)
        {
            text.Append(@event);
        }
        return Encoding.UTF8.GetBytes(text.Append(last).ToString());
    }
}
