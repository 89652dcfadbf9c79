using EdgeGw.Telemetry.Metrics;

namespace EdgeGw.Telemetry;

/// <summary>The families of the OpenTelemetry semantic conventions for generative AI, with the buckets that these advise.</summary>
internal sealed class GenAiFamilies
{
    private const string Operation = "gen_ai_operation_name";
    private const string Provider = "gen_ai_provider_name";
    private const string Requested = "gen_ai_request_model";
    private const string Answered = "gen_ai_response_model";

    internal GenAiFamilies(MetricRegistry registry, int maxModels)
    {
        Duration = registry.Histogram(
            new("gen_ai_server_request_duration_seconds", "Time from a request's arrival to the end of its answer.",
                Operation, Provider, Requested, Answered, "error_type")
            {
                Scale = 6,
                MaxSeries = maxModels * 4,
            },
            10_000, 20_000, 40_000, 80_000, 160_000, 320_000, 640_000, 1_280_000, 2_560_000, 5_120_000, 10_240_000, 20_480_000, 40_960_000,
            81_920_000);
        FirstToken = registry.Histogram(
            new("gen_ai_server_time_to_first_token_seconds", "Time from a request's arrival to the first byte of its streamed answer.",
                Operation, Provider, Requested, Answered)
            {
                Scale = 6,
                MaxSeries = maxModels,
            },
            1_000, 5_000, 10_000, 20_000, 40_000, 60_000, 80_000, 100_000, 250_000, 500_000, 750_000, 1_000_000, 2_500_000, 5_000_000, 7_500_000,
            10_000_000);
        PerOutputToken = registry.Histogram(
            new("gen_ai_server_time_per_output_token_seconds", "Time per output token after the first, of complete streamed answers.",
                Operation, Provider, Requested, Answered)
            {
                Scale = 6,
                MaxSeries = maxModels,
            },
            10_000, 25_000, 50_000, 75_000, 100_000, 150_000, 200_000, 300_000, 400_000, 500_000, 750_000, 1_000_000, 2_500_000);
        TokenUsage = registry.Histogram(
            new("gen_ai_client_token_usage", "Tokens per answer, by input and output.", Operation, Provider, Requested, Answered, "gen_ai_token_type")
            {
                MaxSeries = maxModels * 2,
            },
            1, 4, 16, 64, 256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216, 67_108_864);
    }

    internal HistogramFamily Duration { get; }
    internal HistogramFamily FirstToken { get; }
    internal HistogramFamily PerOutputToken { get; }
    internal HistogramFamily TokenUsage { get; }
}
