using System.Net.Security;
using System.Net.Sockets;
using EdgeGw.LoadTests.Measuring;

namespace EdgeGw.LoadTests.Provider;

/// <summary>One kept connection with TLS, on a thread of its own: scenarios with TLS to the provider have few connections.</summary>
internal sealed class TlsConnection(Socket socket, SslServerAuthenticationOptions options, ProviderCounts counts)
{
    private readonly RequestReader _request = new();
    private int _sequence;

    public void Run()
    {
        Clock.SharpenThisThread();
        try
        {
            using var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
            stream.AuthenticateAsServer(options);
            while (stream.Read(_request.Free) is > 0 and var received)
            {
                if (_request.Received(received))
                {
                    Answer(stream);
                }
            }
        }
        catch (Exception fault) when (fault is IOException or System.Security.Authentication.AuthenticationException)
        {
            // The other side dropped the connection. In the middle of an answer that was counted as broken.
        }
    }

    private void Answer(SslStream stream)
    {
        var script = AnswerScript.For(_request, _sequence++ % Answers.Variants, counts);
        try
        {
            while (!script.IsDone)
            {
                Clock.WaitUntil(script.Due);
                stream.Write(script.Next());
            }
        }
        catch (IOException) when (script.Variant >= 0)
        {
            counts.Broke();
            throw;
        }
        if (script.Variant >= 0)
        {
            counts.Answered(script.Variant);
        }
    }
}
