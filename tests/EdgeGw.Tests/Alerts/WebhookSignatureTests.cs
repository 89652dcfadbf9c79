using System.Text;
using EdgeGw.Alerts;

namespace EdgeGw.Tests.Alerts;

public sealed class WebhookSignatureTests
{
    /// <summary>The example of the Standard Webhooks reference libraries.</summary>
    [Fact]
    public void Signature_is_that_of_the_standard() => Assert.Equal(
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        WebhookSignature.Of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, Encoding.UTF8.GetBytes("{\"test\": 2432232314}")));

    [Fact]
    public void Secret_without_the_prefix_stands_for_its_bytes()
    {
        const string Plain = "a plain secret of some length";
        var prefixed = "whsec_" + Convert.ToBase64String(Encoding.UTF8.GetBytes(Plain));
        Assert.Equal(WebhookSignature.Of(prefixed, "a", 1, "b"u8), WebhookSignature.Of(Plain, "a", 1, "b"u8));
        Assert.NotEqual(WebhookSignature.Of(prefixed, "a", 1, "b"u8), WebhookSignature.Of(Plain, "a", 1, "c"u8));
    }
}
