namespace EdgeGw.Upstream.Http1;

/// <summary>The bytes of a connection's last good answer head. A provider's heads are mostly alike: a line that equals the one at its place needs no reading.</summary>
/// <remarks>What was read from a line is a function of its bytes alone, so equal bytes are all that must be looked at. A large head is not kept.</remarks>
internal sealed class LastHead
{
    private const int MaxLength = 2 * 1024;

    /// <summary>So that a longer request id does not mean another array.</summary>
    private const int Step = 256;

    private byte[] _bytes = [];
    private int _length;

    /// <summary>Empty: none is kept.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    /// <summary>From now on this one.</summary>
    public void Keep(ReadOnlySpan<byte> head)
    {
        _length = 0;
        if (head.Length > MaxLength)
        {
            return;
        }
        if (_bytes.Length < head.Length)
        {
            _bytes = new byte[(head.Length + Step - 1) / Step * Step];
        }
        head.CopyTo(_bytes);
        _length = head.Length;
    }

    /// <summary>Keeps none: what was read from it is being overwritten.</summary>
    public void Forget() => _length = 0;
}
