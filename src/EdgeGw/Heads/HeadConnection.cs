using System.IO.Pipelines;
using System.Net.Security;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace EdgeGw.Heads;

/// <summary>Gives the connections of a listener <see cref="HeadLines"/>. HTTP/2 has none: its heads are compressed together.</summary>
internal static class HeadConnection
{
    /// <summary>After TLS, where there is any: only then are heads readable, and the protocol is known.</summary>
    public static void UseHeadLines(this ListenOptions listen) => listen.Use(static next => connection =>
    {
        var negotiated = connection.Features.Get<ITlsApplicationProtocolFeature>()?.ApplicationProtocol ?? default;
        if (!negotiated.Span.SequenceEqual(SslApplicationProtocol.Http2.Protocol.Span))
        {
            var lines = new HeadLines();
            connection.Features.Set(lines);
            connection.Transport = new Pipes(connection.Transport.Input, new HeadInserter(connection.Transport.Output, lines));
        }
        return next(connection);
    });

    private sealed record Pipes(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
