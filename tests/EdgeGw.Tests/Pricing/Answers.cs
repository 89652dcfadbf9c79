using System.Text;
using EdgeGw.Metering;
using EdgeGw.Pricing;
using EdgeGw.Requests.Inspection;

namespace EdgeGw.Tests.Pricing;

/// <summary>From a provider's bytes to dollars, the way of the gateway itself: meter, price book, cost.</summary>
internal static class Answers
{
    public static (string Usd, CostSource Source, Usage Usage) CostOf(
        Dialect dialect, string kind, string? model, string body, PriceBook? book = null, RequestFacts facts = default, HeaderCounts headers = default)
    {
        using var meter = new AnswerMeter();
        meter.Start(new MeterOptions { Dialect = dialect, Provider = kind, RequestedModel = model, HeaderCounts = headers, InputBytes = facts.InputBytes });
        // Two pieces: nothing may hang on where an answer is cut.
        var bytes = Encoding.UTF8.GetBytes(body);
        meter.Observe(bytes.AsSpan(0, bytes.Length / 2));
        meter.Observe(bytes.AsSpan(bytes.Length / 2));
        var reading = meter.Finish();
        book ??= PricingSamples.Book();
        var question = new PriceQuestion(kind, kind, model);
        var price = book.Resolve(question, reading.Model).For(facts);
        var cost = AnswerCost.Of(reading.Usage, price, reading.Terms, reading.ProviderCost, book, question, out var source, out _);
        return (cost.ToString(), source, reading.Usage);
    }
}
