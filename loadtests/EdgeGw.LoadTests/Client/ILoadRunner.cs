using EdgeGw.LoadTests.Measuring;

namespace EdgeGw.LoadTests.Client;

/// <summary>A way to put a load on a target.</summary>
internal interface ILoadRunner
{
    /// <summary>Runs it to its end and returns what all workers measured.</summary>
    /// <param name="onMeasuring">Called as the warm-up ends.</param>
    /// <param name="onMeasured">Called when the measured time is over; late answers may still be waited for.</param>
    Tally Run(Action onMeasuring, Action onMeasured);
}
