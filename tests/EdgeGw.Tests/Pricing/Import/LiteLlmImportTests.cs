using System.Globalization;
using System.Numerics;
using EdgeGw.Metering;
using EdgeGw.Pricing;
using EdgeGw.Pricing.Import;
using FsCheck;
using FsCheck.Fluent;
using static EdgeGw.Tests.Pricing.PricingSamples;

namespace EdgeGw.Tests.Pricing.Import;

public sealed class LiteLlmImportTests
{
    private const string Map = """
        {
          "sample_spec": { "litellm_provider": "one of ...", "input_cost_per_token": 0.0 },
          "fallback_generalizations": { "x": 1 },
          "acme-large": {
            "litellm_provider": "openai", "mode": "chat", "max_tokens": 8000, "max_input_tokens": 128000, "max_output_tokens": 16384, "supports_vision": true,
            "input_cost_per_token": 2.5e-06, "output_cost_per_token": 1e-05, "cache_read_input_token_cost": 1.25e-06, "output_cost_per_audio_token": 8e-05,
            "input_cost_per_token_batches": 1.25e-06, "output_cost_per_token_batches": 5e-06,
            "input_cost_per_token_priority": 4.25e-06, "output_cost_per_token_priority": 1.7e-05, "cache_read_input_token_cost_priority": 2.125e-06,
            "output_cost_per_audio_token_priority": 1.36e-04,
            "input_cost_per_token_flex": 1e-06, "output_cost_per_token_flex": 9e-06,
            "search_context_cost_per_query": { "search_context_size_low": 0.01, "search_context_size_medium": 0.01, "search_context_size_high": 0.01 }
          },
          "gemini/acme-long": {
            "litellm_provider": "gemini", "mode": "chat", "input_cost_per_token": 1.25e-06, "output_cost_per_token": 1e-05,
            "input_cost_per_token_above_200k_tokens": 2.5e-06, "output_cost_per_token_above_200k_tokens": 1.5e-05,
            "input_cost_per_character": 1e-07, "search_context_cost_per_query": { "search_context_size_low": 0.01, "search_context_size_high": 0.02 }
          },
          "vertex_ai/claude-acme": {
            "litellm_provider": "vertex_ai-anthropic_models", "mode": "chat", "input_cost_per_token": 3e-06, "output_cost_per_token": 1.5e-05,
            "cache_creation_input_token_cost": 3.75e-06, "cache_creation_input_token_cost_above_1hr": 6e-06, "cache_creation_input_token_cost_above_200k_tokens": 7.5e-06
          },
          "acme-whisper": { "litellm_provider": "openai", "mode": "audio_transcription", "input_cost_per_second": 0.0001, "output_cost_per_second": 0.0001 },
          "acme-rerank": { "litellm_provider": "cohere", "mode": "rerank", "input_cost_per_query": 0.002, "input_cost_per_token": 0.0, "output_cost_per_token": 0.0 },
          "acme-paint": { "litellm_provider": "openai", "mode": "image_generation", "output_cost_per_image": 0.04 },
          "acme-free": { "litellm_provider": "openai", "input_cost_per_token": 0.0, "output_cost_per_token": 0 },
          "acme-silent": { "litellm_provider": "openai", "mode": "chat" },
          "acme-text": { "litellm_provider": "openai", "input_cost_per_token": "1e-06", "output_cost_per_token": -1 },
          "acme-ranges": { "litellm_provider": "openai", "tiered_pricing": [ { "range": [0, 32000], "input_cost_per_token": 1e-06 } ] },
          "nobody": { "input_cost_per_token": 1e-06 }
        }
        """;

    private static readonly Imports Imported = Imports.Of(PriceFormat.LiteLlm, Map);

    [Fact]
    public void Prices_a_token_become_prices_a_million()
    {
        var price = Imported.Known("openai", "acme-large");
        Assert.Equal(
            (PerMillion(2.5m), PerMillion(10m), PerMillion(1.25m), PerMillion(2.5m), PerMillion(80m)),
            (price.Rates.Input, price.Rates.Output, price.Rates.CachedInput, price.Rates.CacheWrite, price.Rates.AudioOutput));
        Assert.Equal((128000L, 16384L), (price.ContextWindow, price.MaxOutput));
        Assert.Equal(UnitPrice.FromDollarsPerUnit(0.01m), price.Fees.WebSearch);
    }

    [Fact]
    public void Tier_is_a_factor_only_where_all_its_prices_agree()
    {
        var price = Imported.Known("openai", "acme-large");
        Assert.Equal(["batch=1/2", "priority=17/10"], price.ServiceTiers.Select(tier => $"{tier.Name}={tier.Multiplier}").Order());
        Assert.Contains("service tiers whose prices are no one factor of the standard ones: openai/acme-large: flex", Imported.Losses);
        Assert.Contains(Imported.Losses, loss => loss.EndsWith("openai/acme-large: batch: cached_input, audio_output", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(200_000, 1.25, 10)]
    [InlineData(200_001, 2.5, 15)]
    public void Step_starts_above_its_threshold(long input, double inputRate, double outputRate)
    {
        var rates = Imported.Known("gemini", "acme-long").RatesFor(input);
        Assert.Equal((PerMillion((decimal)inputRate), PerMillion((decimal)outputRate)), (rates.Input, rates.Output));
    }

    [Fact]
    public void Class_without_a_price_of_the_step_keeps_its_first_one()
    {
        var rates = Imported.Known("vertex", "claude-acme").RatesFor(200_001);
        Assert.Equal((PerMillion(3m), PerMillion(7.5m), PerMillion(6m)), (rates.Input, rates.CacheWrite, rates.CacheWrite1h));
    }

    [Fact]
    public void Other_things_than_tokens_become_fees()
    {
        Assert.Equal(UnitPrice.FromDollarsPerUnit(0.0001m), Imported.Known("openai", "acme-whisper").Fees.Second);
        Assert.Equal(UnitPrice.FromDollarsPerUnit(0.002m), Imported.Known("cohere", "acme-rerank").Fees.SearchUnit);
        Assert.Equal(UnitPrice.FromDollarsPerUnit(0.04m), Imported.Known("openai", "acme-paint").Fees.Image);
    }

    [Theory]
    [InlineData("everything costs nothing", "openai/acme-free")]
    [InlineData("no price", "openai/acme-silent")]
    [InlineData("no price, but something else", "openai/acme-text: input_cost_per_token")]
    [InlineData("no price, but something else", "openai/acme-text: output_cost_per_token")]
    [InlineData("prices without a class of ours", "openai/acme-ranges: tiered_pricing")]
    [InlineData("prices without a class of ours", "gemini/acme-long: input_cost_per_character")]
    [InlineData("searches priced by their size", "gemini/acme-long")]
    [InlineData("no model with a litellm_provider", "nobody")]
    public void What_cannot_be_carried_over_is_reported(string reason, string subject) =>
        Assert.Contains(Imported.Losses, loss => loss.StartsWith(reason, StringComparison.Ordinal) && loss.Contains(subject, StringComparison.Ordinal));

    [Fact]
    public void Sample_keys_are_no_models() => Assert.DoesNotContain(Imported.Losses, loss => loss.Contains("sample_spec") || loss.Contains("generalizations"));

    [Fact]
    public void Provider_filter_takes_their_name_or_ours()
    {
        Assert.Null(Imports.Of(PriceFormat.LiteLlm, Map, "gemini").Price("openai", "acme-large"));
        Assert.NotNull(Imports.Of(PriceFormat.LiteLlm, Map, "vertex").Price("vertex", "claude-acme"));
        Assert.NotNull(Imports.Of(PriceFormat.LiteLlm, Map, "vertex_ai-anthropic_models").Price("vertex", "claude-acme"));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{")]
    public void Other_files_are_refused(string json) => Assert.Throws<InvalidDataException>(() => Imports.Of(PriceFormat.LiteLlm, json));

    [Fact]
    public void Generated_maps_cost_what_slow_arithmetic_says() =>
        Prop.ForAll(Generated().ToArbitrary(), each =>
        {
            var price = Imports.Of(PriceFormat.LiteLlm, "{\"m\":{\"litellm_provider\":\"openai\"," + each.Json + "}}").Known("openai", "m");
            var cost = Imports.Cost(each.Usage, price).Value;
            // Each component is rounded up once: never below the truth, and by less than a nano-dollar each above it.
            var exact = each.ExactCost();
            return cost * BigInteger.Pow(10, 20) >= exact && (cost - 10) * BigInteger.Pow(10, 20) < exact;
        }).QuickCheckThrowOnFailure();

    private static Gen<Case> Generated()
    {
        var number = from digits in Gen.Choose(1, 99_999) from exponent in Gen.Choose(-11, -6) from form in Gen.Choose(0, 2) select new Number(digits, exponent, form);
        return from numbers in number.ArrayOf(10)
               from input in Gen.OneOf(Gen.Choose(0, 300_000), Gen.Elements(200_000, 200_001))
               from cached in Gen.Choose(0, 100)
               from write in Gen.Choose(0, 100)
               from output in Gen.Choose(0, 50_000)
               from reasoning in Gen.Choose(0, 100)
               select new Case(numbers, new Usage
               {
                   Input = input,
                   CachedInput = input * cached / 200,
                   CacheWrite = input * write / 200,
                   Output = output,
                   Reasoning = (long)output * reasoning / 100,
               });
    }

    private sealed record Number(int Digits, int Exponent, int Form)
    {
        public string Text => Form switch
        {
            0 => $"{Digits}e{Exponent}",
            1 => string.Create(CultureInfo.InvariantCulture, $"{Digits / 10}.{Digits % 10}E{Exponent + 1}"),
            _ => "0." + Digits.ToString(CultureInfo.InvariantCulture).PadLeft(-Exponent, '0'),
        };

        /// <summary>In 1e-29 dollars.</summary>
        public BigInteger Value => Digits * BigInteger.Pow(10, 29 + Exponent);
    }

    private sealed record Case(Number[] Numbers, Usage Usage)
    {
        private static readonly string[] Fields =
            ["input_cost_per_token", "cache_read_input_token_cost", "cache_creation_input_token_cost", "output_cost_per_token", "output_cost_per_reasoning_token"];

        public string Json => string.Join(',', Fields.SelectMany((name, i) => new[] { $"\"{name}\":{Numbers[i].Text}", $"\"{name}_above_200k_tokens\":{Numbers[i + 5].Text}" }));

        public BigInteger ExactCost()
        {
            var at = Usage.Input > 200_000 ? 5 : 0;
            var cached = BigInteger.Min(Numbers[at].Value, Numbers[at + 1].Value);
            return ((Usage.Input - Usage.CachedInput - Usage.CacheWrite) * Numbers[at].Value) + (Usage.CachedInput * cached) + (Usage.CacheWrite * Numbers[at + 2].Value)
                + ((Usage.Output - Usage.Reasoning) * Numbers[at + 3].Value) + (Usage.Reasoning * Numbers[at + 4].Value);
        }
    }
}
