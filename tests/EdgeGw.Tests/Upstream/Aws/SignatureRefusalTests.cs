using EdgeGw.Upstream.Aws;

namespace EdgeGw.Tests.Upstream.Aws;

public sealed class SignatureRefusalTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);

    [Theory]
    [InlineData("InvalidSignatureException:http://internal.amazon.com/coral/", "Wed, 04 Mar 2026 04:56:07 GMT", "check this machine's clock (+600 s from AWS's), the secret key and the region")]
    [InlineData("RequestTimeTooSkewed", "Wed, 04 Mar 2026 05:16:07 GMT", "check this machine's clock (-600 s from AWS's), the secret key and the region")]
    [InlineData("InvalidSignatureException", null, "check this machine's clock, the secret key and the region")]
    [InlineData("ExpiredTokenException", null, "the credentials are expired or unknown")]
    [InlineData("AccessDeniedException", null, null)]
    [InlineData("ThrottlingException", null, null)]
    public void Hint_says_what_to_look_at(string type, string? date, string? hint) => Assert.Equal(hint, SignatureRefusal.HintOf(type, date, Now));
}
