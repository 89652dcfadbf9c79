using EdgeGw.Configuration.Reading;
using EdgeGw.Pricing;

namespace EdgeGw.Configuration.Binding;

internal static class VelocityBinder
{
    private const decimal LargestFactor = 1000;
    private const decimal LargestMinimum = 1_000_000;
    private static readonly TimeSpan ShortestLearning = TimeSpan.FromHours(1);
    private static readonly TimeSpan LongestLearning = TimeSpan.FromDays(90);

    public static VelocityConfig? Bind(ConfigValue? value)
    {
        if (value is null || ObjectReader.Open(value, Shapes.Velocity) is not { } reader)
        {
            return null;
        }
        var per = CallDimensionsBinder.Bind(reader.Optional("per"));
        var factor = Decimal(reader.Optional("factor"), LargestFactor, "must be from 1 to 1000", least: 1) ?? 10;
        var minimum = Decimal(reader.Required("minimum_usd_per_hour"), LargestMinimum, "must be from 0.01 to 1000000 dollars an hour", least: 0.01m);
        var action = reader.Optional("action")?.OneOf("action", [("alert", VelocityAction.Alert), ("throttle", VelocityAction.Throttle)]);
        var learn = reader.Optional("learn")?.Duration(ShortestLearning, LongestLearning);
        return minimum is not { } dollars ? null : new VelocityConfig
        {
            Per = per,
            Factor = factor,
            MinimumPerHour = NanoUsd.FromDollars(dollars),
            Action = action ?? VelocityAction.Alert,
            Learn = learn ?? TimeSpan.FromDays(7),
        };
    }

    private static decimal? Decimal(ConfigValue? value, decimal most, string expected, decimal least)
    {
        if (value?.Decimal() is not { } number)
        {
            return null;
        }
        if (number < least || number > most)
        {
            value.Fault(expected);
            return null;
        }
        return number;
    }
}
