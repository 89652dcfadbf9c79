using System.Globalization;
using System.Text;
using System.Text.Json;
using EdgeGw.Pricing;
using Microsoft.AspNetCore.Http;

namespace EdgeGw.Requests;

/// <summary>
/// The caller's own price for one call: <c>x-edgegw-custom-cost</c> or <c>cf-aig-custom-cost</c>, <c>{"per_token_in": 0.000001, "per_token_out": 0.000002}</c> in
/// dollars, optionally with <c>per_cache_read_token</c> and <c>per_cache_write_token</c>, or <c>{"total_cost": 0.01}</c>.
/// </summary>
internal static class CustomCost
{
    private const string Header = "x-edgegw-custom-cost";
    private const string CloudflareHeader = "cf-aig-custom-cost";
    private const int LongestHeader = 1024;

    /// <summary>A token price is kept in units of 1e-15 dollars, nine decimals of dollars per million.</summary>
    private const decimal TokenUnits = 1_000_000_000_000_000m;
    private const decimal LargestPerToken = 1m;
    private const decimal LargestTotal = 1_000_000m;

    private static readonly string[] Names = ["per_token_in", "per_token_out", "per_cache_read_token", "per_cache_write_token", "total_cost"];

    public static bool IsPresent(IHeaderDictionary headers) => headers.ContainsKey(Header) || headers.ContainsKey(CloudflareHeader);

    /// <returns>False with a message for the caller when the header is not what it should be.</returns>
    public static bool TryRead(IHeaderDictionary headers, out CallerPrice? price, out string? fault)
    {
        price = null;
        var name = headers.ContainsKey(Header) ? Header : CloudflareHeader;
        if (headers[name] is not [{ Length: > 0 and <= LongestHeader } text])
        {
            fault = $"{name} must stand once, with a JSON object of at most {LongestHeader} characters.";
            return false;
        }
        Span<decimal?> values = stackalloc decimal?[Names.Length];
        try
        {
            fault = Read(Encoding.UTF8.GetBytes(text), values);
        }
        catch (JsonException)
        {
            fault = "is no JSON object";
        }
        fault ??= Check(values);
        if (fault is not null)
        {
            fault = $"{name} {fault}.";
            return false;
        }
        price = values[4] is { } total ? CallerPrice.OfTotal(NanoUsd.FromDollars(total)) : new CallerPrice(ToRates(values));
        return true;
    }

    private static string? Read(ReadOnlySpan<byte> json, Span<decimal?> values)
    {
        var reader = new Utf8JsonReader(json);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return "is no JSON object";
        }
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var index = Array.IndexOf(Names, reader.GetString());
            if (index < 0)
            {
                return $"has an unknown name; known are {string.Join(", ", Names)}";
            }
            reader.Read();
            if (values[index] is not null)
            {
                return $"names {Names[index]} twice";
            }
            if (reader.TokenType != JsonTokenType.Number || !TryExact(reader.ValueSpan, out var value) || value < 0)
            {
                return $"needs a plain number of dollars, not negative, for {Names[index]}";
            }
            values[index] = value;
        }
        _ = reader.Read(); // Throws when something stands behind the object.
        return null;
    }

    private static string? Check(ReadOnlySpan<decimal?> values)
    {
        if (values[4] is { } total)
        {
            return (values[0] ?? values[1] ?? values[2] ?? values[3]) is not null ? "states a total and prices per token: one of them counts"
                : total > LargestTotal ? $"states a total above {LargestTotal} dollars"
                : null;
        }
        if (values[0] is null || values[1] is null)
        {
            return "needs per_token_in and per_token_out, or total_cost";
        }
        for (var i = 0; i < 4; i++)
        {
            if (values[i] > LargestPerToken)
            {
                return $"states more than {LargestPerToken} dollar a token for {Names[i]}";
            }
            if (values[i] is { } value && value * TokenUnits != decimal.Truncate(value * TokenUnits))
            {
                return $"states {Names[i]} finer than fifteen decimals";
            }
        }
        return null;
    }

    private static PriceRates ToRates(ReadOnlySpan<decimal?> values)
    {
        var input = PerToken(values[0]!.Value);
        // With one cache price the other is that of input.
        return new PriceRates
        {
            Input = input,
            Output = PerToken(values[1]!.Value),
            CachedInput = values[2] is { } read ? PerToken(read) : input,
            CacheWrite = values[3] is { } write ? PerToken(write) : input,
        };
    }

    private static UnitPrice PerToken(decimal dollars) => UnitPrice.FromDollarsPerMillion(dollars * 1_000_000m);

    /// <summary>The number as it stands, to its last digit, or false: a decimal that had to be rounded is not what the caller wrote.</summary>
    private static bool TryExact(ReadOnlySpan<byte> text, out decimal value)
    {
        value = 0;
        var exponent = text.IndexOfAny("eE"u8);
        var mantissa = exponent < 0 ? text : text[..exponent];
        var digits = 0;
        foreach (var b in mantissa)
        {
            digits += char.IsAsciiDigit((char)b) ? 1 : 0;
        }
        // Twenty digits and an exponent of -20 to 8 fit into the 28 digits of a decimal, all of them.
        return digits <= 20
            && (exponent < 0 || (int.TryParse(text[(exponent + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var power) && power is >= -20 and <= 8))
            && decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value)
            && (value != 0 || !mantissa.ContainsAnyInRange((byte)'1', (byte)'9'));
    }
}
