using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace EdgeGw.Identity;

/// <summary>The headers in which SDKs put their key, each looked up when it is first asked for and then once for a call.</summary>
internal struct CredentialHeaders(IHeaderDictionary headers)
{
    // The order in which a credential that is not ours is looked for.
    internal static readonly string[] Names = ["cf-aig-authorization", "Authorization", "x-api-key", "x-goog-api-key", "api-key"];

    private Values _values;
    private int _known;

    public StringValues this[int index]
    {
        get
        {
            if ((_known >> index & 1) == 0)
            {
                _known |= 1 << index;
                // The server keeps that one in a field of its own.
                _values[index] = index == 1 ? headers.Authorization : headers[Names[index]];
            }
            return _values[index];
        }
    }

    [InlineArray(5)]
    private struct Values
    {
        private StringValues _first;
    }
}
