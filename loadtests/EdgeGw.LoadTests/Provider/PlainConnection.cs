using System.Net.Sockets;
using EdgeGw.LoadTests.Net;

namespace EdgeGw.LoadTests.Provider;

/// <summary>One kept connection without TLS, one of thousands on a reactor.</summary>
internal sealed class PlainConnection(Reactor reactor, Socket socket, ProviderCounts counts) : ReactorSocket(reactor, socket)
{
    private readonly RequestReader _request = new();
    private AnswerScript _answer;
    private bool _answering;
    private bool _waits;
    private ReadOnlyMemory<byte> _unsent;
    private int _sequence;

    protected override void OnReadable()
    {
        var received = Receive(_request.Free);
        if (received == 0)
        {
            Close();
            OnFailed("");
        }
        else if (received > 0 && _request.Received(received))
        {
            if (_answering)
            {
                throw new InvalidDataException("a request before the last one was answered");
            }
            _answer = AnswerScript.For(_request, _sequence++ % Answers.Variants, counts);
            _answering = true;
            Proceed();
        }
    }

    protected override void OnWritable() => Proceed();

    protected override void OnDue(long due)
    {
        _waits = false;
        Proceed();
    }

    protected override void OnFailed(string fault)
    {
        if (_answering && _answer.Variant >= 0)
        {
            counts.Broke();
        }
        _answering = false;
    }

    /// <summary>Sends what may be sent now; a full socket or a later moment calls it again.</summary>
    private void Proceed()
    {
        while (_answering && !_waits)
        {
            if (!_unsent.IsEmpty)
            {
                _unsent = _unsent[Send(_unsent.Span)..];
                if (!_unsent.IsEmpty)
                {
                    Watch(reads: true, writes: true);
                    return;
                }
                Watch(reads: true, writes: false);
            }
            if (_answer.IsDone)
            {
                _answering = false;
                if (_answer.Variant >= 0)
                {
                    counts.Answered(_answer.Variant);
                }
            }
            else if (_answer.Due > Measuring.Clock.Now)
            {
                _waits = true;
                Reactor.At(_answer.Due, this);
            }
            else
            {
                _unsent = _answer.Next();
            }
        }
    }
}
