using EdgeGw.Configuration;

namespace EdgeGw.Velocity;

/// <summary>The configured guard in the units that scopes count in.</summary>
internal sealed class VelocityRule(VelocityConfig config)
{
    public VelocityConfig Config { get; } = config;

    /// <summary>What other scopes are counted by has another text.</summary>
    public string Dimensions { get; } = string.Join(',', config.Per.Select(static dimension => dimension.Name));

    /// <summary>Hours that the baseline remembers.</summary>
    public long Hours { get; } = Math.Max(1, (long)config.Learn.TotalHours);

    private double Factor { get; } = (double)config.Factor;

    /// <summary>Nano-dollars an hour that are in order.</summary>
    public long Threshold(double baseline) => long.CreateSaturating(Math.Max(baseline * Factor, Config.MinimumPerHour.Value));

    /// <summary>The most that one hour counts for. A burst, or a night of one, must not become what is usual; growth is learned by and by.</summary>
    public double MostLearned(double baseline) => Math.Max(2 * baseline, Config.MinimumPerHour.Value / Factor);
}
