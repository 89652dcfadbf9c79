using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace EdgeGw.Identity;

/// <summary>The headers in which SDKs put their key, each looked up once for a call.</summary>
internal readonly struct CredentialHeaders
{
    // The order in which a credential that is not ours is looked for.
    internal static readonly string[] Names = ["cf-aig-authorization", "Authorization", "x-api-key", "x-goog-api-key", "api-key"];

    private readonly Values _values;

    public CredentialHeaders(IHeaderDictionary headers)
    {
        _values[0] = headers[Names[0]];
        // The server keeps this one in a field of its own.
        _values[1] = headers.Authorization;
        _values[2] = headers[Names[2]];
        _values[3] = headers[Names[3]];
        _values[4] = headers[Names[4]];
    }

    public StringValues this[int index] => _values[index];

    [InlineArray(5)]
    private struct Values
    {
        private StringValues _first;
    }
}
