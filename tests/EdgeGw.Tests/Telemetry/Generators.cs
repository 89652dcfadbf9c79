using EdgeGw.Identity;
using EdgeGw.Metering;
using EdgeGw.Pricing;
using EdgeGw.Telemetry;
using FsCheck;
using FsCheck.Fluent;
using Outcome = EdgeGw.Requests.Outcome;

namespace EdgeGw.Tests.Telemetry;

/// <summary>Inputs for the property tests of this folder.</summary>
internal static class Generators
{
    private static readonly string[] Pieces =
        ["", "a", "gpt-4o", "\\", "\"", "\n", "\r\n", "\t", "\u0000", "\u001b[31m", "é", "😀", "\u202e", "</script>", "{", "}", ",", "=", " "];

    internal static readonly Gen<string> NastyString =
        Gen.Choose(0, 60).SelectMany(length => Gen.Elements(Pieces).ListOf(length)).Select(static pieces => string.Concat(pieces));

    private static readonly DateTimeOffset Epoch = new(2025, 11, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Any record, all strings within <see cref="RecordLimits"/>.</summary>
    internal static readonly Gen<UsageRecord> Record = Gen.Choose(int.MinValue, int.MaxValue).Select(seed => Any(new Random(seed)));

    /// <summary>Records of few users, models and hours, so that rows meet.</summary>
    internal static readonly Gen<List<UsageRecord>> Records =
        Gen.Choose(int.MinValue, int.MaxValue).Zip(Gen.Choose(0, 60)).Select(static pair =>
        {
            var random = new Random(pair.Item1);
            return Enumerable.Range(0, pair.Item2).Select(_ => Few(random)).ToList();
        });

    /// <summary>Callers known by one object.</summary>
    private static readonly Principal[] Known = [.. Enumerable.Range(0, 3).Select(static seed => AnyPrincipal(new Random(seed)))];

    private static Principal AnyPrincipal(Random random) => new()
    {
        User = Pick(random, null, "ann", "bob"),
        Email = Pick(random, null, "a@x"),
        Service = Pick(random, null, "ci"),
        Groups = Pick<string[]>(random, [], ["dev"], ["dev", "ops"], ["dev", "dev"])!,
        KeyName = Pick(random, null, "k1"),
        KeyId = Pick(random, null, "id1"),
        Metadata = random.Next(3) == 0 ? new Dictionary<string, string> { ["team"] = "core" } : [],
    };

    internal static UsageRecord Few(Random random) => new()
    {
        Id = Guid.NewGuid(),
        Time = Epoch.AddHours(random.Next(0, 80)).AddMinutes(random.Next(60)),
        Principal = random.Next(2) == 0 ? Known[random.Next(Known.Length)] : AnyPrincipal(random),
        Metadata = random.Next(2) == 0 ? new Dictionary<string, string> { ["team"] = Pick(random, "x", "y")!, ["env"] = "prod" } : [],
        Dialect = (Dialect)random.Next(7),
        Provider = Pick(random, null, "openai", "anthropic"),
        ModelRequested = "m1",
        Model = Pick(random, null, "m1", "m2"),
        Route = Pick(random, null, "r"),
        Status = 200,
        Outcome = (Outcome)random.Next(5),
        Usage = new Usage { Input = random.Next(1000), Output = random.Next(1000), CachedInput = random.Next(3), WebSearches = random.Next(2) },
        Cost = new NanoUsd(random.NextInt64(10_000_000_000)),
    };

    private static RecordedRequest AnyRequest(Random random) => new(
        (RequestTraits)random.Next(128), Text(random), (Dialect)random.Next(7), random.Next(2) == 0 ? null : random.NextInt64(), random.NextInt64(), Text(random), Text(random));

    private static UsageRecord Any(Random random)
    {
        var usage = default(Usage);
        for (var i = 0; i < UsageClass.Count; i++)
        {
            UsageClass.Mutable(ref usage)[i] = random.Next(3) == 0 ? random.NextInt64() : 0;
        }
        return new UsageRecord
        {
            Request = random.Next(3) == 0 ? null : AnyRequest(random),
            Id = Guid.NewGuid(),
            Time = new DateTimeOffset(random.NextInt64(DateTime.MaxValue.Ticks), TimeSpan.Zero),
            Principal = new Principal
            {
                User = Text(random),
                Email = Text(random),
                Service = Text(random),
                Groups = [.. Enumerable.Range(0, random.Next(4)).Select(_ => Text(random) ?? "")],
                KeyId = Text(random),
                KeyName = Text(random),
                Metadata = Map(random),
            },
            Metadata = Map(random),
            Dialect = (Dialect)random.Next(7),
            Provider = Text(random),
            ModelRequested = Text(random),
            Model = Text(random),
            Route = Text(random),
            Attempt = random.Next(),
            Stream = random.Next(2) == 0,
            Status = random.Next(-1, 1000),
            Outcome = (Outcome)random.Next(5),
            Error = Text(random),
            Usage = usage,
            UsageSource = (UsageSource)random.Next(3),
            Cost = new NanoUsd(random.NextInt64(long.MinValue, long.MaxValue)),
            CostSource = (CostSource)random.Next(5),
            Hold = new NanoUsd(random.NextInt64()),
            Overrun = new NanoUsd(random.Next()),
            Presumed = random.Next(2) == 0,
            OverheadMicroseconds = random.NextInt64(),
            FirstByteMilliseconds = random.Next(2) == 0 ? null : random.NextDouble() * 1e5,
            TotalMilliseconds = random.Next(20) == 0 ? double.NaN : random.NextDouble() * 1e6,
        };
    }

    private static Dictionary<string, string> Map(Random random)
    {
        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = random.Next(4); i > 0; i--)
        {
            map[Text(random) ?? ""] = Text(random) ?? "";
        }
        return map;
    }

    private static string? Text(Random random) =>
        random.Next(3) == 0 ? null : string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => Pieces[random.Next(Pieces.Length)]));

    private static T? Pick<T>(Random random, params T?[] values) => values[random.Next(values.Length)];
}
