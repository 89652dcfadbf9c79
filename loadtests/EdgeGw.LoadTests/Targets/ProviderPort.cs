using System.Globalization;
using System.Net;
using System.Text;
using EdgeGw.LoadTests.Client;

namespace EdgeGw.LoadTests.Targets;

/// <summary>One port of the fake provider's process.</summary>
internal sealed record ProviderPort(IPEndPoint Address)
{
    /// <summary>What it has answered so far.</summary>
    public (long Requests, long Input, long Output, long Broken) Counts()
    {
        using var connection = new LabConnection(Address);
        connection.Exchange(Encoding.ASCII.GetBytes($"GET /lab/counts HTTP/1.1\r\nHost: {Address}\r\n\r\n"), null, keepText: true);
        var numbers = connection.LastText.Split(' ').Select(text => long.Parse(text, CultureInfo.InvariantCulture)).ToArray();
        return (numbers[0], numbers[1], numbers[2], numbers[3]);
    }
}
