using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace EdgeGw.Upstream.Aws;

/// <summary>AWS Signature Version 4: from a request's parts to the value of <c>Authorization</c>.</summary>
internal static class SigV4
{
    private const string Algorithm = "AWS4-HMAC-SHA256";

    /// <summary>One request's canonical form is built here and forgotten; kept by its thread so that signing allocates only what is sent.</summary>
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _buffer;

    [ThreadStatic]
    private static IncrementalHash? _hash;

    /// <param name="headers">All that is signed; names in lower case, sorted.</param>
    /// <param name="time"><c>x-amz-date</c>.</param>
    /// <param name="scope">Date, region, service and <c>aws4_request</c>.</param>
    public static string Authorization(
        string method, string target, ReadOnlySpan<KeyValuePair<string, string>> headers, string payloadHash, string time, string scope, string accessKeyId, byte[] key)
    {
        var buffer = _buffer ??= new ArrayBufferWriter<byte>(4096);
        buffer.ResetWrittenCount();
        CanonicalRequest.Write(buffer, method, target, headers, payloadHash);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(buffer.WrittenSpan, hash);

        buffer.ResetWrittenCount();
        Encoding.ASCII.GetBytes($"{Algorithm}\n{time}\n{scope}\n{Convert.ToHexStringLower(hash)}", buffer);
        HMACSHA256.HashData(key, buffer.WrittenSpan, hash);

        buffer.ResetWrittenCount();
        CanonicalRequest.WriteNames(buffer, headers);
        return $"{Algorithm} Credential={accessKeyId}/{scope}, SignedHeaders={Encoding.ASCII.GetString(buffer.WrittenSpan)}, Signature={Convert.ToHexStringLower(hash)}";
    }

    /// <summary>SHA-256 of a body in pieces, in lower-case hex.</summary>
    public static string HashOf(List<ReadOnlyMemory<byte>> body)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        if (body.Count <= 1)
        {
            SHA256.HashData(body.Count == 0 ? default : body[0].Span, hash);
        }
        else
        {
            var pieces = _hash ??= IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            foreach (var piece in body)
            {
                pieces.AppendData(piece.Span);
            }
            pieces.GetHashAndReset(hash);
        }
        return Convert.ToHexStringLower(hash);
    }
}
