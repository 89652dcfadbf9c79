namespace EdgeGw.Tests.Budgets;

/// <summary>A wall clock that shows what it is told, also what lies in the past.</summary>
internal sealed class SetTime : TimeProvider
{
    public DateTimeOffset Now { get; set; } = new(2026, 3, 1, 10, 30, 0, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => Now;
}
