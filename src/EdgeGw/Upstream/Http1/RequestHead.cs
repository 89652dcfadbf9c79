using System.Text;

namespace EdgeGw.Upstream.Http1;

/// <summary>A request's head as it is sent, but for its length and end. A caller's next request mostly has the same one: only what is new is checked and written.</summary>
/// <remarks>Compared by text, so it does not matter where the strings come from. A large head is not kept.</remarks>
internal sealed class RequestHead
{
    private const int FirstSize = 512;
    private const int LargestKept = 4 * 1024;

    private readonly List<(KeyValuePair<string, string> Field, int End)> _fields = new(8);
    private byte[] _bytes = [];
    private string? _method;
    private string? _target;
    private byte[] _host = [];
    private int _startEnd;
    private int _end;

    /// <summary>From the method to the last header's value.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _end);

    /// <summary>Makes it that of a request.</summary>
    /// <param name="host">The value of the <c>Host</c> field.</param>
    /// <returns>What keeps the request from being sent; null: nothing. There are no bytes then.</returns>
    public string? Set(UpstreamRequest request, byte[] host)
    {
        if (request.Method != _method || request.Target != _target || !host.AsSpan().SequenceEqual(_host))
        {
            Forget();
            if (RequestHeadRules.Fault(request.Method, request.Target) is { } fault)
            {
                return fault;
            }
            (_method, _target, _host) = (request.Method, request.Target, host);
            WriteStart();
        }
        return SetFields(request.Headers);
    }

    /// <summary>Lets go of a head that is too large to be kept.</summary>
    public void Trim()
    {
        if (_bytes.Length > LargestKept)
        {
            Forget();
            _bytes = [];
        }
    }

    private string? SetFields(List<KeyValuePair<string, string>> headers)
    {
        var same = 0;
        while (same < headers.Count && same < _fields.Count && headers[same].Key == _fields[same].Field.Key && headers[same].Value == _fields[same].Field.Value)
        {
            same++;
        }
        _fields.RemoveRange(same, _fields.Count - same);
        _end = same == 0 ? _startEnd : _fields[^1].End;
        for (var i = same; i < headers.Count; i++)
        {
            if (RequestHeadRules.Fault(headers[i]) is { } fault)
            {
                Forget();
                return fault;
            }
            if (!RequestHeadRules.IsOurs(headers[i].Key))
            {
                Write(headers[i]);
            }
            _fields.Add((headers[i], _end));
        }
        return null;
    }

    private void Forget()
    {
        (_method, _target, _host, _startEnd, _end) = (null, null, [], 0, 0);
        _fields.Clear();
    }

    private void WriteStart()
    {
        Reserve(_method!.Length + _target!.Length + _host.Length + 32);
        AppendAscii(_method);
        Append(" "u8);
        AppendAscii(_target);
        Append(" HTTP/1.1\r\nHost: "u8);
        Append(_host);
        _startEnd = _end;
    }

    private void Write(KeyValuePair<string, string> field)
    {
        Reserve(field.Key.Length + 4 + Encoding.UTF8.GetMaxByteCount(field.Value.Length));
        Append("\r\n"u8);
        AppendAscii(field.Key);
        Append(": "u8);
        _end += Encoding.UTF8.GetBytes(field.Value, _bytes.AsSpan(_end));
    }

    private void AppendAscii(string text)
    {
        Ascii.FromUtf16(text, _bytes.AsSpan(_end), out var written);
        _end += written;
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_bytes.AsSpan(_end));
        _end += bytes.Length;
    }

    private void Reserve(int more)
    {
        if (_bytes.Length - _end < more)
        {
            Array.Resize(ref _bytes, Math.Max(Math.Max(FirstSize, 2 * _bytes.Length), _end + more));
        }
    }
}
