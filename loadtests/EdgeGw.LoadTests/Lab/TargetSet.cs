using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using EdgeGw.LoadTests.Measuring;
using EdgeGw.LoadTests.Net;
using EdgeGw.LoadTests.Targets;

namespace EdgeGw.LoadTests.Lab;

/// <summary>The provider and all targets of one run, started together and ended together.</summary>
internal sealed class TargetSet : IDisposable
{
    private readonly List<Target> _targets = [];
    private readonly Queue<ProviderPort> _ports;
    private readonly LabOptions _options;
    private readonly LabResult _result;
    private readonly LabSetting _setting;
    private readonly PosixSignalRegistration[] _signals;

    private int _disposed;

    private TargetSet(LabOptions options, LabResult result, string folder)
    {
        _options = options;
        _result = result;
        _setting = new LabSetting(folder, LabCertificates.Make(folder), ProcessorPlan.ForThisMachine());
        _setting.Processors.PinThisProcess();
        // Whoever ends the lab ends what it started, too.
        _signals = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM }.Select(signal => PosixSignalRegistration.Create(signal, _ => Dispose()))];
        // One pair of ports for each target, and one for the probes of the start time.
        var count = Enum.GetValues<EdgeGwMode>().Length + 5;
        var line = _setting.Processors.ForLab([Environment.ProcessPath!, .. SelfArguments("provider", count.ToString(CultureInfo.InvariantCulture), _setting.Certificates.Chain, _setting.Certificates.Key)]);
        Provider = new ChildProcess(line[0], line[1..], Path.Combine(folder, "provider.log"), readsOutput: true);
        var ports = Provider.Output.ReadLine() ?? throw new InvalidOperationException("the fake provider did not start; see provider.log");
        _ports = new Queue<ProviderPort>(ports.Split(' ').Select(pair => pair.Split(':')).Select(pair => new ProviderPort(Loopback(pair[0]), Loopback(pair[1]))));
    }

    public ChildProcess Provider { get; }

    public IReadOnlyList<Target> Targets => _targets;

    /// <summary>Starts what these scenarios need, and measures how long the gateway takes to be ready.</summary>
    public static TargetSet Start(LabOptions options, IReadOnlyList<Scenario> scenarios, LabResult result, string folder)
    {
        var set = new TargetSet(options, result, folder);
        try
        {
            set.StartAll(scenarios);
        }
        catch
        {
            set.Dispose();
            throw;
        }
        return set;
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            _targets.ForEach(target => target.Dispose());
            Provider.Dispose();
            Array.ForEach(_signals, signal => signal.Dispose());
        }
    }

    private void StartAll(IReadOnlyList<Scenario> scenarios)
    {
        var probed = _ports.Dequeue();
        for (var i = 0; i < _options.Starts; i++)
        {
            using var probe = EdgeGwTarget.Start(_options.Binary, EdgeGwMode.Overlapped, string.Create(CultureInfo.InvariantCulture, $"start-{i}"), _setting, probed);
            _result.StartsToReady.Add(probe.StartToReady);
        }
        _targets.Add(new DirectTarget(_ports.Dequeue()));
        if (_options.SoakMinutes == 0)
        {
            StartOther("nginx", _options.Nginx, ProxyTarget.StartNginx);
        }
        if (_options.SoakMinutes == 0 && _options.Depth > Depth.Ci)
        {
            StartOther("haproxy", _options.Haproxy, ProxyTarget.StartHaproxy);
            StartOther("portkey", _options.Portkey, PortkeyTarget.Start);
        }
        foreach (var mode in Enum.GetValues<EdgeGwMode>().Where(mode => scenarios.Any(each => EdgeGwTarget.Measures(mode, each))))
        {
            if (_options.Depth > Depth.Ci || mode != EdgeGwMode.Strict)
            {
                _targets.Add(EdgeGwTarget.Start(_options.Binary, mode, mode.ToString().ToLowerInvariant(), _setting, _ports.Dequeue()));
            }
        }
        Clock.WaitUntil(Clock.Now + Clock.Milliseconds(1000));
        foreach (var target in _targets.Where(each => each.Process is not null))
        {
            _result.Memory[target.Name] = new MemoryFigures { Idle = ProcessFigures.Resident(target.Process!.Id).Now };
        }
    }

    private void StartOther(string name, string? program, Func<string, LabSetting, ProviderPort, Target> start)
    {
        if (program is null)
        {
            _result.Remarks.Add($"{name} is left out: it is not installed");
            return;
        }
        try
        {
            _targets.Add(start(program, _setting, _ports.Dequeue()));
        }
        catch (Exception fault) when (fault is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            _result.Remarks.Add($"{name} is left out: {fault.Message}");
        }
    }

    private static IPEndPoint Loopback(string port) => new(IPAddress.Loopback, int.Parse(port, CultureInfo.InvariantCulture));

    /// <summary>This program again, whether it was started by its own name or through the runtime's.</summary>
    private static IEnumerable<string> SelfArguments(params string[] arguments) =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [Environment.GetCommandLineArgs()[0], .. arguments] : arguments;
}
