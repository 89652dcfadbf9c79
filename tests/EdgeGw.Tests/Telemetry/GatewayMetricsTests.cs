using System.Buffers;
using System.Text;
using EdgeGw.Budgets;
using EdgeGw.Identity;
using EdgeGw.Metering;
using EdgeGw.Pricing;
using EdgeGw.Requests;
using EdgeGw.Telemetry;
using EdgeGw.Telemetry.Metrics;

namespace EdgeGw.Tests.Telemetry;

public sealed class GatewayMetricsTests
{
    private static readonly UsageRecord Sample = new()
    {
        Id = Guid.NewGuid(),
        Time = DateTimeOffset.UnixEpoch,
        Principal = Principal.Anonymous,
        Dialect = Dialect.ChatCompletions,
        Provider = "openai",
        ModelRequested = "fast",
        Model = "gpt-4o",
        Stream = true,
        Status = 200,
        Outcome = Outcome.Completed,
        Usage = new Usage { Input = 100, CachedInput = 40, Output = 11, WebSearches = 2 },
        UsageSource = UsageSource.Provider,
        Cost = new NanoUsd(1_234_567),
        CostSource = CostSource.Catalogue,
        Overrun = new NanoUsd(5),
        OverheadMicroseconds = 42,
        FirstByteMilliseconds = 50,
        TotalMilliseconds = 1050,
    };

    private readonly GatewayMetrics _metrics = new("1.2.3");

    /// <remarks>Prometheus refuses the whole scrape otherwise.</remarks>
    [Fact]
    public void No_family_stands_twice_in_a_scrape()
    {
        var names = Scrape(_metrics).Split('\n').Where(static line => line.StartsWith("# TYPE ", StringComparison.Ordinal)).Select(static line => line.Split(' ')[2]).ToArray();
        Assert.NotEmpty(names);
        Assert.Equal(names.Distinct(), names);
    }

    [Fact]
    public void Completed_record_shows_in_every_family_it_concerns()
    {
        _metrics.Observe(Sample);
        var scrape = Scrape(_metrics);

        Assert.Contains("""edgegw_requests_total{provider="openai",model="gpt-4o",status="2xx",outcome="completed"} 1""", scrape);
        Assert.Contains("""edgegw_tokens_total{provider="openai",model="gpt-4o",type="input"} 100""", scrape);
        Assert.Contains("""edgegw_tokens_total{provider="openai",model="gpt-4o",type="cached_input"} 40""", scrape);
        Assert.Contains("""edgegw_usage_units_total{provider="openai",model="gpt-4o",unit="web_searches"} 2""", scrape);
        Assert.Contains("""edgegw_cost_usd_total{provider="openai",model="gpt-4o"} 0.001234567""", scrape);
        Assert.Contains("edgegw_hold_overrun_usd_total 0.000000005", scrape);
        Assert.Contains("""edgegw_overhead_seconds_bucket{le="5e-05"} 1""", scrape);
        const string Key = """gen_ai_operation_name="chat",gen_ai_provider_name="openai",gen_ai_request_model="fast",gen_ai_response_model="gpt-4o""";
        Assert.Contains($$"""gen_ai_server_request_duration_seconds_sum{{{Key}}",error_type=""} 1.05""", scrape);
        Assert.Contains($$"""gen_ai_server_time_to_first_token_seconds_sum{{{Key}}"} 0.05""", scrape);
        Assert.Contains($$"""gen_ai_server_time_per_output_token_seconds_sum{{{Key}}"} 0.1""", scrape);
        Assert.Contains($$"""gen_ai_client_token_usage_sum{{{Key}}",gen_ai_token_type="input"} 100""", scrape);
        Assert.DoesNotContain("edgegw_unpriced_requests_total{", scrape);
        Assert.DoesNotContain("edgegw_estimated_usage_total{", scrape);
    }

    [Fact]
    public void Each_way_to_fail_has_its_counter()
    {
        _metrics.Observe(Sample);
        _metrics.Observe(Sample with { Outcome = Outcome.ClientAborted, UsageSource = UsageSource.Estimated });
        _metrics.Observe(Sample with { Outcome = Outcome.UpstreamFailed, Error = "upstream_reset", Status = 502 });
        _metrics.Observe(Sample with { Status = 429 });
        _metrics.Observe(Sample with { CostSource = CostSource.None, Cost = NanoUsd.Zero });
        _metrics.Observe(Sample with { CostSource = CostSource.Ceiling });
        _metrics.Observe(Sample with { Presumed = true, Outcome = Outcome.Failed, Status = 0 });
        var scrape = Scrape(_metrics);

        Assert.Contains("edgegw_client_aborts_total 1", scrape);
        Assert.Contains("""edgegw_estimated_usage_total{provider="openai",model="gpt-4o"} 1""", scrape);
        Assert.Contains("""edgegw_upstream_errors_total{provider="openai",error="upstream_reset"} 1""", scrape);
        Assert.Contains("""edgegw_upstream_errors_total{provider="openai",error="429"} 1""", scrape);
        Assert.Contains("""edgegw_unpriced_requests_total{provider="openai",model="gpt-4o"} 2""", scrape);
        Assert.Contains("edgegw_presumed_total 1", scrape);
        Assert.Contains("error_type=\"upstream_reset\"", scrape);
        Assert.Contains("error_type=\"429\"", scrape);
        Assert.Contains("""edgegw_requests_total{provider="openai",model="gpt-4o",status="none",outcome="failed"} 1""", scrape);
        Assert.Contains("edgegw_overhead_seconds_count 6", scrape);
    }

    [Fact]
    public void Correction_downwards_is_counted_as_cost_returned()
    {
        _metrics.Observe(Sample with { Presumed = true, Cost = new NanoUsd(9_000_000_000) });
        _metrics.Observe(Sample with { Cost = new NanoUsd(-7_500_000_000), Corrects = Sample });
        var scrape = Scrape(_metrics);
        Assert.Contains("""edgegw_cost_usd_total{provider="openai",model="gpt-4o"} 9""", scrape);
        Assert.Contains("""edgegw_cost_returned_usd_total{provider="openai",model="gpt-4o"} 7.5""", scrape);
    }

    [Fact]
    public void Background_answers_are_shown_once_there_is_somebody_to_ask()
    {
        Assert.DoesNotContain("edgegw_background", Scrape(_metrics));
        _metrics.DeferredAnswers = () => 3;
        _metrics.ForgottenAnswers = () => 2;
        var scrape = Scrape(_metrics);
        Assert.Contains("edgegw_background_answers 3", scrape);
        Assert.Contains("edgegw_background_forgotten_total 2", scrape);
    }

    [Fact]
    public void Free_answer_without_a_model_is_not_called_unpriced()
    {
        _metrics.Observe(Sample with { Model = null, ModelRequested = "", Usage = default, CostSource = CostSource.None, Cost = NanoUsd.Zero });
        Assert.DoesNotContain("edgegw_unpriced_requests_total{", Scrape(_metrics));
    }

    [Fact]
    public void Made_up_models_take_no_series_from_real_ones()
    {
        for (var i = 0; i < 5000; i++)
        {
            _metrics.Observe(Sample with { Provider = null, Model = "junk" + i, Status = 404, Outcome = Outcome.Refused, CostSource = CostSource.None });
            _metrics.Observe(Sample with { Model = "junk" + i, Status = 404, Error = null });
        }
        _metrics.Observe(Sample);
        var scrape = Scrape(_metrics);

        Assert.DoesNotContain("junk", scrape);
        Assert.Contains("""edgegw_requests_total{provider="openai",model="gpt-4o",status="2xx",outcome="completed"} 1""", scrape);
        Assert.Contains("""edgegw_requests_total{provider="none",model="other",status="4xx",outcome="refused"} 5000""", scrape);
    }

    [Fact]
    public void Models_beyond_the_bound_share_other_and_nothing_is_lost()
    {
        for (var i = 0; i < 1000; i++)
        {
            _metrics.Observe(Sample with { Model = "m" + i });
        }
        var scrape = Scrape(_metrics);

        Assert.Contains("""edgegw_cost_usd_total{provider="openai",model="other"} 0.9876536""", scrape);
        Assert.Contains("""edgegw_metrics_overflow_total{family="edgegw_models"} 800""", scrape);
        Assert.InRange(scrape.Length, 1, 4_000_000);
    }

    [Fact]
    public void Nonsense_numbers_of_a_provider_cannot_break_a_counter()
    {
        _metrics.Observe(Sample with
        {
            Usage = new Usage { Input = -5, Output = -1 },
            Cost = new NanoUsd(-1),
            Overrun = new NanoUsd(-1),
            OverheadMicroseconds = -1,
            FirstByteMilliseconds = double.NaN,
            TotalMilliseconds = double.PositiveInfinity,
            Status = -7,
        });
        Assert.Contains("edgegw_hold_overrun_usd_total 0", Scrape(_metrics));
    }

    [Fact]
    public void Observe_allocates_nothing_once_its_series_exist()
    {
        UsageRecord[] records =
        [
            Sample,
            Sample with { Outcome = Outcome.ClientAborted },
            Sample with { Outcome = Outcome.UpstreamFailed, Error = "upstream_reset", Status = 502 },
            Sample with { Status = 500 },
            Sample with { Outcome = Outcome.Refused, Provider = null, Model = "junk", Status = 429, Error = "budget_exceeded" },
        ];
        Assert.Equal(0, Allocations.OfEach(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                _metrics.Observe(records[i % records.Length]);
            }
        }));
    }

    [Fact]
    public void Budget_gauges_show_who_spent_most_and_sum_the_rest()
    {
        var slots = Enumerable.Range(0, 1000)
            .Select(static i => new BudgetStatus("person", "user=" + i, new(10), new(i), new(0), DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch))
            .ToList();
        _metrics.Budgets = () => slots;
        var scrape = Scrape(_metrics);

        Assert.Contains("""edgegw_budget_spent_usd{budget="person",scope="user=999"} 0.000000999""", scrape);
        Assert.Contains("""edgegw_budget_spent_usd{budget="person",scope="other"} 0.0003196""", scrape);
        Assert.Equal(BudgetMetrics.MaxSlots + 1, scrape.Split("edgegw_budget_spent_usd{").Length - 1);
    }

    [Fact]
    public void Gauges_without_a_source_are_absent_instead_of_zero()
    {
        Assert.DoesNotContain("edgegw_open_holds", Scrape(_metrics));
        _metrics.OpenHolds = () => 3;
        _metrics.OpenHoldsValue = () => new NanoUsd(1_500_000_000);
        _metrics.JournalDurableLag = () => 0;
        _metrics.JournalHealthy = () => false;
        var scrape = Scrape(_metrics);

        Assert.Contains("\nedgegw_open_holds 3\n", scrape);
        Assert.Contains("\nedgegw_open_holds_usd 1.5\n", scrape);
        Assert.Contains("\nedgegw_journal_durable_lag_records 0\n", scrape);
        Assert.Contains("\nedgegw_journal_healthy 0\n", scrape);
    }

    [Fact]
    public void Process_and_runtime_are_shown()
    {
        var scrape = Scrape(_metrics);
        Assert.Contains("edgegw_build_info{version=\"1.2.3\",runtime=\".NET ", scrape);
        foreach (var name in (string[])["process_start_time_seconds", "process_cpu_seconds_total", "process_resident_memory_bytes",
            "dotnet_gc_collections_total{gc_heap_generation=\"gen2\"}", "dotnet_gc_pause_time_seconds_total"])
        {
            Assert.Contains("\n" + name + " ", scrape);
        }
    }

    [Fact]
    public void No_series_and_no_family_stands_twice()
    {
        _metrics.Observe(Sample);
        _metrics.Observe(Sample with { Status = 500, Model = "other" });
        var lines = Scrape(_metrics).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var names = lines.Select(static line => line[0] == '#' ? string.Join(' ', line.Split(' ').Take(3)) : line[..line.LastIndexOf(' ')]).ToList();
        Assert.Equal(names.Distinct(), names);
    }

    private static string Scrape(GatewayMetrics metrics)
    {
        var output = new ArrayBufferWriter<byte>();
        metrics.Write(output, ExpositionFormat.Text);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
