using System.Globalization;
using System.Text;

namespace EdgeGw.FunctionalTests.Providers;

/// <summary>What the fake provider must do with one request. It travels in the prompt, because a prompt is the one thing that every gateway must pass on as it is.</summary>
/// <remarks>Written as <c>[fake id=a1 in=120 out=40 ...]</c>; a prompt without it gets the defaults.</remarks>
internal sealed record FakeScript
{
    private const string Opening = "[fake ";

    /// <summary>Correlates a test's request with the provider's own count; becomes the response id.</summary>
    public string? Id { get; init; }

    public long Input { get; init; } = 20;
    public long CachedInput { get; init; }
    public long CacheWrite { get; init; }

    /// <summary>All output tokens, reasoning included.</summary>
    public long Output { get; init; } = 10;
    public long Reasoning { get; init; }

    /// <summary>Pieces that a streamed answer comes in; the output is spread over them evenly.</summary>
    public int Chunks { get; init; } = 5;

    /// <summary>Milliseconds before each piece.</summary>
    public int Pace { get; init; }

    public UsageHabit Usage { get; init; } = UsageHabit.Asked;
    public FakeFailure Fail { get; init; }

    /// <summary>The piece before which a failure in the middle of a body happens.</summary>
    public int FailAt { get; init; } = 2;

    /// <summary>The status of <see cref="FakeFailure.Status"/>.</summary>
    public int Status { get; init; } = 500;

    /// <summary>Bytes of the single huge event of <see cref="FakeFailure.BigEvent"/>.</summary>
    public int BigBytes { get; init; } = 10_000_000;

    /// <summary>A corpus body to serve instead of an answer of our own.</summary>
    public string? Recording { get; init; }

    /// <summary>Where a recording is cut: same seed, same places.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>At how many places a recording is cut.</summary>
    public int Cuts { get; init; } = 24;

    /// <summary>The output tokens that piece <paramref name="index"/> carries.</summary>
    public long TokensOf(int index) => (Output * (index + 1) / Chunks) - (Output * index / Chunks);

    /// <summary>Events of a stream are cut: a piece ends within one.</summary>
    public bool Split { get; init; }

    /// <summary>A stream comes compressed, asked for or not.</summary>
    public bool Gzip { get; init; }

    public override string ToString()
    {
        var text = new StringBuilder(Opening);
        Append("id", Id);
        Append("in", Input);
        Append("cached", CachedInput);
        Append("write", CacheWrite);
        Append("out", Output);
        Append("reasoning", Reasoning);
        Append("chunks", Chunks);
        Append("pace", Pace);
        Append("usage", Usage);
        Append("fail", Fail);
        Append("at", FailAt);
        Append("status", Status);
        Append("big", BigBytes);
        Append("recording", Recording);
        Append("seed", Seed);
        Append("cuts", Cuts);
        Append("split", Split);
        Append("gzip", Gzip);
        text[^1] = ']';
        return text.ToString();

        void Append(string name, object? value)
        {
            if (value is not null)
            {
                text.Append(CultureInfo.InvariantCulture, $"{name}={value} ");
            }
        }
    }

    /// <summary>Reads the script out of a request body; the defaults when there is none.</summary>
    public static FakeScript Parse(ReadOnlySpan<byte> body)
    {
        var start = body.IndexOf(Encoding.UTF8.GetBytes(Opening));
        if (start < 0)
        {
            return new FakeScript();
        }
        var rest = body[(start + Opening.Length)..];
        var length = rest.IndexOf((byte)']');
        if (length < 0)
        {
            throw new FormatException("A fake script without its closing bracket.");
        }
        var script = new FakeScript();
        foreach (var pair in Encoding.UTF8.GetString(rest[..length]).Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            script = script.With(pair[..equals], pair[(equals + 1)..]);
        }
        return script;
    }

    private FakeScript With(string name, string value) => name switch
    {
        "id" => this with { Id = value },
        "in" => this with { Input = Long(value) },
        "cached" => this with { CachedInput = Long(value) },
        "write" => this with { CacheWrite = Long(value) },
        "out" => this with { Output = Long(value) },
        "reasoning" => this with { Reasoning = Long(value) },
        "chunks" => this with { Chunks = (int)Long(value) },
        "pace" => this with { Pace = (int)Long(value) },
        "usage" => this with { Usage = Enum.Parse<UsageHabit>(value) },
        "fail" => this with { Fail = Enum.Parse<FakeFailure>(value) },
        "at" => this with { FailAt = (int)Long(value) },
        "status" => this with { Status = (int)Long(value) },
        "big" => this with { BigBytes = (int)Long(value) },
        "recording" => this with { Recording = value },
        "seed" => this with { Seed = (int)Long(value) },
        "cuts" => this with { Cuts = (int)Long(value) },
        "gzip" => this with { Gzip = bool.Parse(value) },
        "split" => this with { Split = bool.Parse(value) },
        _ => throw new FormatException($"Unknown word in a fake script: {name}"),
    };

    private static long Long(string value) => long.Parse(value, CultureInfo.InvariantCulture);
}

/// <summary>When a streamed chat answer reports usage.</summary>
internal enum UsageHabit
{
    /// <summary>Where <c>stream_options.include_usage</c> asks for it, as OpenAI does.</summary>
    Asked,
    /// <summary>Always, as many look-alikes do.</summary>
    Always,
    /// <summary>Never, whatever is asked.</summary>
    Never,
}

/// <summary>How an answer goes wrong.</summary>
public enum FakeFailure
{
    None,
    /// <summary>An error status with the dialect's own error body; nothing is billed.</summary>
    Status,
    /// <summary>No response head, for as long as the caller stays.</summary>
    HangHead,
    /// <summary>Silence in the middle of the body, for as long as the caller stays.</summary>
    HangBody,
    /// <summary>The connection is reset before the response head.</summary>
    ResetHead,
    /// <summary>The connection is reset in the middle of the body.</summary>
    ResetBody,
    /// <summary>The body ends properly in the middle of the answer: no final events.</summary>
    Truncate,
    /// <summary>The dialect's error event inside a stream with status 200.</summary>
    ErrorEvent,
    /// <summary>Bytes that are no event of any dialect, in the middle of a stream that goes on afterwards.</summary>
    Garbage,
    /// <summary>One single event of many megabytes, in a stream that goes on afterwards.</summary>
    BigEvent,
}
