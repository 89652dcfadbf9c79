namespace EdgeGw.Hosting.DryRuns;

/// <summary>A clock that shows the time of the record that is judged.</summary>
internal sealed class RecordedTime : TimeProvider
{
    public DateTimeOffset Now { get; set; }

    public override DateTimeOffset GetUtcNow() => Now;
}
