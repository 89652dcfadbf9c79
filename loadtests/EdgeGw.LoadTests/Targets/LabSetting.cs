using EdgeGw.LoadTests.Net;

namespace EdgeGw.LoadTests.Targets;

/// <summary>What all processes of one run share: folder, certificates, processors.</summary>
internal sealed record LabSetting(string Folder, LabCertificates Certificates, ProcessorPlan Processors)
{
    /// <summary>A folder of its own for one process.</summary>
    public string FolderFor(string name) => Directory.CreateDirectory(Path.Combine(Folder, name)).FullName;

    /// <summary>Starts a target on its processors.</summary>
    public ChildProcess Start(string program, IEnumerable<string> arguments, string logFile, IEnumerable<(string Name, string Value)>? environment = null)
    {
        var line = Processors.ForTarget([program, .. arguments]);
        return new ChildProcess(line[0], line[1..], logFile, environment: environment);
    }
}
