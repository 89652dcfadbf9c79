using System.Net;

namespace EdgeGw.Configuration;

/// <summary>What the command line sets over the file. Applied before the checks, so that they see what will run.</summary>
public sealed record ConfigOverrides
{
    public static readonly ConfigOverrides None = new();

    /// <summary>Replaces <c>listen.data</c>.</summary>
    public IPEndPoint? Data { get; init; }

    /// <summary>Replaces <c>data_dir</c>; a full path.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>
    /// The command only looks for a running gateway or its data folder: faults elsewhere do not count, such as a provider's variable that
    /// the service has and the operator's shell lacks.
    /// </summary>
    public bool ControlOnly { get; init; }

    internal ListenConfig ApplyTo(ListenConfig listen) => Data is null ? listen : listen with { Data = Data };
}
