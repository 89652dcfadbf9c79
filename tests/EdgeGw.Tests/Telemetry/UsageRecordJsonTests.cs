using System.Buffers;
using System.Text;
using System.Text.Json;
using EdgeGw.Identity;
using EdgeGw.Metering;
using EdgeGw.Pricing;
using EdgeGw.Telemetry;
using FsCheck;
using FsCheck.Fluent;
using Outcome = EdgeGw.Requests.Outcome;

namespace EdgeGw.Tests.Telemetry;

public sealed class UsageRecordJsonTests
{
    private static readonly UsageRecord Sample = new()
    {
        Id = new Guid("0192f0c1-2222-7333-8444-555566667777"),
        Time = new DateTimeOffset(2025, 11, 21, 9, 30, 0, TimeSpan.FromHours(1)),
        Principal = new Principal
        {
            User = "ann",
            Email = "ann@example.com",
            Groups = ["dev", "ops"],
            Service = "ci",
            KeyId = "k_1",
            KeyName = "ci-bot",
            Metadata = new Dictionary<string, string> { ["team"] = "platform" },
        },
        Metadata = new Dictionary<string, string> { ["team"] = "someone-else", ["run"] = "7" },
        Dialect = Dialect.ChatCompletions,
        Provider = "openai",
        ModelRequested = "fast",
        Model = "gpt-4o-mini",
        Route = "support",
        Stream = true,
        Status = 200,
        Outcome = Outcome.ClientAborted,
        Error = "client_gone",
        Usage = new Usage { Input = 100, CachedInput = 20, Output = 7, WebSearches = 1 },
        UsageSource = UsageSource.Estimated,
        Cost = new NanoUsd(12_350),
        CostSource = CostSource.Catalogue,
        Hold = new NanoUsd(2_000_000_000),
        Overrun = NanoUsd.Zero,
        OverheadMicroseconds = 83,
        FirstByteMilliseconds = 12.3456,
        TotalMilliseconds = 100,
    };

    [Fact]
    public void Correction_shows_what_it_corrects_and_may_be_negative()
    {
        var charge = Sample with { Id = new Guid("0192f0c1-1111-7333-8444-555566667777"), Principal = new Principal { KeyName = "asks" } };
        var output = new ArrayBufferWriter<byte>();
        UsageRecordJson.WriteLine(Sample with { Cost = new NanoUsd(-5_000), Corrects = charge }, output);
        using var json = JsonDocument.Parse(output.WrittenMemory);
        Assert.Equal("-0.000005", json.RootElement.GetProperty("cost_usd").GetString());
        Assert.Equal("ci-bot", json.RootElement.GetProperty("principal").GetProperty("key").GetString());
        Assert.Equal(
            """{"id":"0192f0c1-1111-7333-8444-555566667777","principal":{"key":"asks"}}""",
            json.RootElement.GetProperty("corrects").GetRawText());
    }

    private const string SampleLine = """
        {"id":"0192f0c1-2222-7333-8444-555566667777","time":"2025-11-21T08:30:00.0000000Z",
        "principal":{"user":"ann","email":"ann@example.com","groups":["dev","ops"],"service":"ci","key":"ci-bot","key_id":"k_1"},
        "metadata":{"team":"platform","run":"7"},
        "dialect":"chat_completions","provider":"openai","model_requested":"fast","model":"gpt-4o-mini","route":"support","attempt":1,
        "stream":true,"status":200,"outcome":"client_aborted","error":"client_gone",
        "usage":{"input":100,"cached_input":20,"output":7,"web_searches":1},"usage_source":"estimated",
        "cost_usd":"0.00001235","cost_source":"catalogue","hold_usd":"2","overrun_usd":"0",
        "overhead_us":83,"ttft_ms":12.345,"total_ms":100}
        """;

    [Fact]
    public void Line_has_the_names_of_the_outside_contract() =>
        Assert.Equal(SampleLine.ReplaceLineEndings("") + "\n", Line(Sample));

    [Fact]
    public void Any_record_is_one_line_of_printable_ascii_json() =>
        Prop.ForAll(Generators.Record.ToArbitrary(), record =>
        {
            var line = Line(record);
            Assert.Equal(line.Length - 1, line.IndexOf('\n', StringComparison.Ordinal));
            Assert.All(line[..^1], static c => Assert.InRange(c, ' ', '~'));
            using var document = JsonDocument.Parse(line);
            Assert.Equal(record.Model, document.RootElement.TryGetProperty("model", out var model) ? model.GetString() : null);
            Assert.Equal(record.Cost.ToString(), document.RootElement.GetProperty("cost_usd").GetString());
            return true;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Unpaired_surrogates_are_replaced()
    {
        using var document = JsonDocument.Parse(Line(Sample with { Model = "a\ud800b" }));
        Assert.Equal("a\ufffdb", document.RootElement.GetProperty("model").GetString());
    }

    [Fact]
    public void Line_is_bounded_whatever_a_peer_sends()
    {
        var line = Line(Sample with
        {
            Model = new string('\u0001', 1_000_000),
            Metadata = Enumerable.Range(0, 1000).ToDictionary(static i => new string('n', 1000) + i, static _ => new string('\u0001', 10_000)),
        });
        Assert.InRange(line.Length, 1, 150_000);
    }

    [Fact]
    public void Line_allocates_nothing_beyond_its_buffer()
    {
        var output = new ArrayBufferWriter<byte>(4096);
        Assert.Equal(0, Allocations.OfEach(() =>
        {
            for (var i = 0; i < 100; i++)
            {
                output.ResetWrittenCount();
                UsageRecordJson.WriteLine(Sample, output);
            }
        }));
    }

    private static string Line(UsageRecord record)
    {
        var output = new ArrayBufferWriter<byte>();
        UsageRecordJson.WriteLine(record, output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
