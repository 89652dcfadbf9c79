using System.Buffers;
using System.Text;
using EdgeGw.Telemetry.Metrics;

namespace EdgeGw.Tests.Telemetry.Metrics;

public sealed class ExpositionTests
{
    private const string Overflow = """
        edgegw_metrics_overflow_total{family="demo_requests_total"} 0
        edgegw_metrics_overflow_total{family="demo_cost_usd_total"} 0
        edgegw_metrics_overflow_total{family="demo_active"} 0
        edgegw_metrics_overflow_total{family="demo_seconds"} 0

        """;

    [Fact]
    public void Text_format_is_as_the_format_specification_shows_it() => Assert.Equal("""
        # HELP edgegw_metrics_overflow_total Recordings that went to the series named other because the family's bound was reached.
        # TYPE edgegw_metrics_overflow_total counter

        """ + Overflow + """
        # HELP demo_requests_total Back\\slash, line\nfeed and "quotes".
        # TYPE demo_requests_total counter
        demo_requests_total{model="a \"b\" \\ c\nd",code="2xx"} 3
        demo_requests_total{model="é😀",code="5xx"} 1
        # HELP demo_cost_usd_total Money.
        # TYPE demo_cost_usd_total counter
        demo_cost_usd_total 1.000000001
        # HELP demo_active Now.
        # TYPE demo_active gauge
        demo_active -2
        # HELP demo_seconds Times.
        # TYPE demo_seconds histogram
        demo_seconds_bucket{le="1e-05"} 2
        demo_seconds_bucket{le="0.0005"} 2
        demo_seconds_bucket{le="1"} 3
        demo_seconds_bucket{le="2.5e+06"} 3
        demo_seconds_bucket{le="+Inf"} 4
        demo_seconds_sum 3000001.000011
        demo_seconds_count 4
        # HELP demo_build Build.
        # TYPE demo_build gauge
        demo_build_info{version="1"} 1

        """.Replace("# TYPE demo_build gauge", "# TYPE demo_build_info gauge").Replace("# HELP demo_build Build", "# HELP demo_build_info Build"),
        Scrape(ExpositionFormat.Text));

    [Fact]
    public void Open_metrics_names_families_without_suffix_has_float_bounds_and_an_end() => Assert.Equal("""
        # HELP edgegw_metrics_overflow Recordings that went to the series named other because the family's bound was reached.
        # TYPE edgegw_metrics_overflow counter

        """ + Overflow + """
        # HELP demo_requests Back\\slash, line\nfeed and \"quotes\".
        # TYPE demo_requests counter
        demo_requests_total{model="a \"b\" \\ c\nd",code="2xx"} 3
        demo_requests_total{model="é😀",code="5xx"} 1
        # HELP demo_cost_usd Money.
        # TYPE demo_cost_usd counter
        demo_cost_usd_total 1.000000001
        # HELP demo_active Now.
        # TYPE demo_active gauge
        demo_active -2
        # HELP demo_seconds Times.
        # TYPE demo_seconds histogram
        demo_seconds_bucket{le="1e-05"} 2
        demo_seconds_bucket{le="0.0005"} 2
        demo_seconds_bucket{le="1.0"} 3
        demo_seconds_bucket{le="2.5e+06"} 3
        demo_seconds_bucket{le="+Inf"} 4
        demo_seconds_sum 3000001.000011
        demo_seconds_count 4
        # HELP demo_build Build.
        # TYPE demo_build info
        demo_build_info{version="1"} 1
        # EOF

        """, Scrape(ExpositionFormat.OpenMetrics));

    private static string Scrape(ExpositionFormat format)
    {
        var registry = new MetricRegistry();
        var requests = registry.Counter(new("demo_requests_total", "Back\\slash, line\nfeed and \"quotes\".", "model", "code"));
        requests.With("a \"b\" \\ c\nd", "2xx").Add(3);
        requests.With("é😀", "5xx").Increment();
        registry.Counter(new("demo_cost_usd_total", "Money.") { Scale = 9 }).Single.Add(1_000_000_001);
        registry.Gauge(new("demo_active", "Now.")).Single.Add(-2);
        var times = registry.Histogram(new("demo_seconds", "Times.") { Scale = 6 }, 10, 500, 1_000_000, 2_500_000_000_000).Single;
        times.Observe(10);
        times.Observe(1);
        times.Observe(1_000_000);
        times.Observe(3_000_000_000_000);
        Assert.Equal(4, times.Count);
        Assert.Equal(3_000_001_000_011, times.Sum);
        registry.Add(new CollectedFamily(MetricType.Info, "demo_build", "Build.",
            (in CollectedFamily.Samples samples) => samples.Add("version=\"1\""u8, 1, 0)));
        var output = new ArrayBufferWriter<byte>();
        registry.Write(output, format);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
