using System.Text.Json;

namespace EdgeGw.Pricing;

/// <summary>A price as a caller reads it: exact decimal strings of dollars, since a JSON number would be read into a double.</summary>
internal static class PriceJson
{
    /// <summary>Decimals of a rate: nine of its own, and six of the factor on it.</summary>
    private const int Scale = 15;

    private static readonly (RateClass Class, JsonEncodedText Name)[] Rates = [.. RateClass.All.Select(each => (each, JsonEncodedText.Encode(each.Name + "_per_million")))];

    /// <summary>Rates of the standard tier, with the factor that holds for every answer; a class or fee without a price of its own is left out.</summary>
    public static void Write(Utf8JsonWriter json, ReadOnlySpan<byte> name, ModelPrice price)
    {
        json.WriteStartObject(name);
        json.WriteString("currency"u8, "USD"u8);
        WriteRates(json, price.Rates, price.Factor);
        if (price.LongContext.Count > 0)
        {
            json.WriteStartArray("long"u8);
            foreach (var step in price.LongContext)
            {
                json.WriteStartObject();
                json.WriteNumber("above"u8, step.Above);
                WriteRates(json, step.Rates, price.Factor);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }
        if (FeeClass.All.Any(fee => fee.Of(price.Fees) != UnitPrice.Zero))
        {
            json.WriteStartObject("fees"u8);
            foreach (var fee in FeeClass.All.Where(fee => fee.Of(price.Fees) != UnitPrice.Zero))
            {
                json.WriteString(fee.Name, FeeClass.Dollars(fee.Of(price.Fees)));
            }
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private static void WriteRates(Utf8JsonWriter json, PriceRates rates, Multiplier factor)
    {
        Span<byte> text = stackalloc byte[FixedPoint.MaxWideLength];
        foreach (var (of, name) in Rates)
        {
            var rate = of.Of(rates);
            if (of.Whole is null || rate != of.Whole.Of(rates))
            {
                json.WriteString(name, text[..FixedPoint.Format(Scaled(rate, factor), Scale, text)]);
            }
        }
    }

    /// <summary>Exact for every factor that is a decimal, as all that are configured are; what is finer is rounded up, as costs are.</summary>
    private static Int128 Scaled(UnitPrice rate, Multiplier factor)
    {
        var (whole, rest) = Int128.DivRem(checked((Int128)rate.NanoUsdPerMillion * 1_000_000 * factor.Numerator), factor.Denominator);
        return rest == 0 ? whole : whole + 1;
    }
}
