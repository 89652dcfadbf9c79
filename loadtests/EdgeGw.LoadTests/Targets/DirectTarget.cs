using EdgeGw.LoadTests.Lab;

namespace EdgeGw.LoadTests.Targets;

/// <summary>No proxy at all: the zero that is subtracted. Where a proxy's call has TLS on either side, this one has it on its only side.</summary>
internal sealed class DirectTarget(ProviderPort behind) : Target(LabResult.Direct, behind, null)
{
    public override bool IsOurs => true;

    public override Door DoorFor(Scenario scenario) =>
        new(UsesTls(scenario) ? Behind.Tls : Behind.Plain, Model, [ProviderKey], UsesTls(scenario), SpeaksHttp2: false);

    private static bool UsesTls(Scenario scenario) => scenario.TlsUpstream || scenario.Client != ClientSide.Plain;
}
