using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using EdgeGw.LoadTests.Client;
using EdgeGw.LoadTests.Measuring;
using EdgeGw.LoadTests.Provider;
using EdgeGw.LoadTests.Targets;

namespace EdgeGw.LoadTests.Lab;

/// <summary>Runs one scenario on one target, with the figures of all processes around it.</summary>
internal sealed class CellRunner(TargetSet set, Timing timing, X509Certificate2 authority)
{
    private const int SlowReadMilliseconds = 20;

    /// <param name="length">Null: as the run's cells are.</param>
    /// <returns>Null when the scenario cannot be had from that target.</returns>
    public Cell? Run(Scenario scenario, Target target, int round, Timing? length = null)
    {
        if (target.DoorFor(scenario) is not { } door)
        {
            return null;
        }
        var load = LoadFor(scenario, door, length ?? timing);
        ILoadRunner runner = scenario.IsSwarm ? new StreamSwarm(load) : new LoadGenerator(load);
        var allocated = target.AllocatedBytes;
        var (from, to, resident) = (default(Moment), default(Moment), 0L);
        var tally = runner.Run(() => from = Now(target), () =>
        {
            to = Now(target);
            resident = target.Process is { } process ? ProcessFigures.Resident(process.Id).Now : 0;
        });
        target.Answered += tally.Answered;
        target.Left += tally.Left;
        target.Failed += tally.Errors;
        var seconds = (to.Time - from.Time) / 1e9;
        return new Cell(scenario, target.Name, target.Column, round, tally)
        {
            Seconds = seconds,
            CpuSeconds = to.Target - from.Target,
            ForeignCpu = Math.Clamp((to.Busy - from.Busy - (to.Own - from.Own)) / (seconds * Environment.ProcessorCount), 0, 1),
            AllocatedBytes = target.AllocatedBytes - allocated,
            ResidentBytes = resident,
        };
    }

    public Load LoadFor(Scenario scenario, Door door, Timing length) => new()
    {
        To = door.Address,
        Request = LabRequest.ChatCompletion(scenario.Order, scenario.BodyBytes, door.Model, door.Address.ToString(), door.Headers, scenario.Callers > 0),
        Tls = door.IsTls ? Tls() : null,
        ClientVersion = scenario.Client != ClientSide.Http2 ? null : door.SpeaksHttp2 ? new Version(2, 0) : new Version(1, 1),
        Connections = scenario.Connections,
        Seconds = scenario.IsSwarm ? scenario.StreamSeconds : length.Seconds,
        WarmUpSeconds = length.WarmUp,
        Rate = scenario.Rate,
        Callers = scenario.Callers,
        ExpectedBytes = !door.KeepsBytes ? null : scenario.IsStream ? Answers.StreamLength(scenario.Order.Chunks) : Answers.UnaryLength,
        ExpectedEvents = scenario.IsStream ? Answers.EventsOf(scenario.Order.Chunks) : 0,
        LateAfter = scenario.LateAfter,
        ReadBytes = scenario.ReadBytes,
        ReadPauseMilliseconds = SlowReadMilliseconds,
        LeavesAfterEvents = scenario.LeavesAfterEvents,
    };

    private SslClientAuthenticationOptions Tls() => new()
    {
        TargetHost = "localhost",
        CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            CustomTrustStore = { authority },
            RevocationMode = X509RevocationMode.NoCheck,
        },
    };

    private Moment Now(Target target)
    {
        var own = ProcessFigures.CpuSeconds(set.Provider.Id) + Environment.CpuUsage.TotalTime.TotalSeconds + set.Targets.Sum(each => each.CpuSeconds);
        return new Moment(Clock.Now, target.CpuSeconds, own, ProcessFigures.MachineBusySeconds());
    }

    private readonly record struct Moment(long Time, double Target, double Own, double Busy);
}
