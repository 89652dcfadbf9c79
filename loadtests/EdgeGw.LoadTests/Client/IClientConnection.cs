namespace EdgeGw.LoadTests.Client;

/// <summary>One caller's kept connection, used by one thread.</summary>
internal interface IClientConnection : IDisposable
{
    /// <summary>Sends the request and reads its answer to the end.</summary>
    /// <param name="times">Takes the times of a stream's events as they arrive; null for unstreamed answers.</param>
    /// <exception cref="IOException">The connection failed.</exception>
    /// <exception cref="InvalidDataException">The answer is not what the protocol allows, or ended early.</exception>
    Answer Exchange(LabRequest request, EventTimes? times);
}
