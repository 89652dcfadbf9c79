using System.Globalization;
using System.Net;
using EdgeGw.LoadTests.Lab;

namespace EdgeGw.LoadTests.Targets;

/// <summary>Portkey's open gateway on node, as its README starts it. It is told by header where the provider is, and writes answers anew.</summary>
internal sealed class PortkeyTarget : Target
{
    private readonly IPEndPoint _address;

    private PortkeyTarget(IPEndPoint address, ProviderPort behind, ChildProcess process)
        : base("portkey", behind, process) => _address = address;

    public override Door? DoorFor(Scenario scenario) =>
        scenario.Client != ClientSide.Plain ? null : new Door(
            _address, Model,
            [
                ProviderKey,
                ("x-portkey-provider", "openai"),
                ("x-portkey-custom-host", scenario.TlsUpstream ? $"https://{Behind.Tls}/v1" : $"http://{Behind.Plain}/v1"),
            ],
            IsTls: false,
            KeepsBytes: false);

    /// <param name="script">Its <c>start-server.js</c>.</param>
    public static PortkeyTarget Start(string script, LabSetting setting, ProviderPort behind)
    {
        var address = FreeAddress();
        var process = setting.Start(
            "node", [script, string.Create(CultureInfo.InvariantCulture, $"--port={address.Port}"), "--headless"],
            Path.Combine(setting.FolderFor("portkey"), "output.log"),
            [("NODE_EXTRA_CA_CERTS", setting.Certificates.Authority), ("NODE_ENV", "production")]);
        process.WaitUntilReady(address, "/", "portkey");
        return new PortkeyTarget(address, behind, process);
    }
}
