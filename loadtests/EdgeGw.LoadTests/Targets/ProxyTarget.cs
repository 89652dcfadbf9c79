using System.Net;
using EdgeGw.LoadTests.Lab;

namespace EdgeGw.LoadTests.Targets;

/// <summary>A general proxy with three listeners: plain to plain, plain to TLS, TLS (with HTTP/2) to plain.</summary>
internal sealed class ProxyTarget : Target
{
    private readonly ProxyAddresses _addresses;

    private ProxyTarget(string name, ProxyAddresses addresses, ProviderPort behind, ChildProcess process)
        : base(name, behind, process) => _addresses = addresses;

    /// <summary>Threads or workers, as many as the gateway has processors.</summary>
    public static int Workers(LabSetting setting) => setting.Processors.TargetCount;

    public override Door DoorFor(Scenario scenario) =>
        new(scenario.Client != ClientSide.Plain ? _addresses.Secured : scenario.TlsUpstream ? _addresses.ToTls : _addresses.Plain, Model, [ProviderKey], scenario.Client != ClientSide.Plain);

    /// <param name="program">The nginx binary.</param>
    public static ProxyTarget StartNginx(string program, LabSetting setting, ProviderPort behind)
    {
        var (folder, addresses) = (setting.FolderFor("nginx"), ProxyAddresses.Free());
        var config = Path.Combine(folder, "nginx.conf");
        File.WriteAllText(config, NginxConfig.Text(folder, addresses, behind, setting));
        return Ready("nginx", addresses, behind, setting.Start(program, ["-p", folder, "-e", Path.Combine(folder, "error.log"), "-c", config], Path.Combine(folder, "output.log")));
    }

    /// <param name="program">The haproxy binary.</param>
    public static ProxyTarget StartHaproxy(string program, LabSetting setting, ProviderPort behind)
    {
        var (folder, addresses) = (setting.FolderFor("haproxy"), ProxyAddresses.Free());
        var config = Path.Combine(folder, "haproxy.cfg");
        File.WriteAllText(config, HaproxyConfig.Text(addresses, behind, setting));
        return Ready("haproxy", addresses, behind, setting.Start(program, ["-db", "-f", config], Path.Combine(folder, "output.log")));
    }

    private static ProxyTarget Ready(string name, ProxyAddresses addresses, ProviderPort behind, ChildProcess process)
    {
        process.WaitUntilReady(addresses.Plain, "/lab/ready", name);
        return new ProxyTarget(name, addresses, behind, process);
    }
}

/// <summary>Where a proxy listens: plain text to a plain provider, plain text to TLS, TLS to a plain provider.</summary>
internal sealed record ProxyAddresses(IPEndPoint Plain, IPEndPoint ToTls, IPEndPoint Secured)
{
    public static ProxyAddresses Free() => new(Target.FreeAddress(), Target.FreeAddress(), Target.FreeAddress());
}
