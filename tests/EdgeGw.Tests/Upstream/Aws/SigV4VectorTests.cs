using System.Text;
using EdgeGw.Upstream.Aws;

namespace EdgeGw.Tests.Upstream.Aws;

/// <summary>AWS's own examples: its Signature Version 4 test suite, and those of its documentation.</summary>
public sealed class SigV4VectorTests
{
    private const string Secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    private const string Time = "20150830T123600Z";

    [Theory]
    [InlineData("get-vanilla", "GET", "/", "", "", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31")]
    [InlineData("get-vanilla-query-order-key-case", "GET", "/?Param2=value2&Param1=value1", "", "", "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500")]
    [InlineData("get-vanilla-query-unreserved", "GET", "/?-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz=-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", "", "", "9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197")]
    [InlineData("get-unreserved", "GET", "/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", "", "", "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f")]
    [InlineData("get-utf8", "GET", "/\u1234", "", "", "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85")]
    [InlineData("get-header-value-trim", "GET", "/", "my-header1: value1 |my-header2: \"a   b   c\"", "", "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736")]
    [InlineData("post-vanilla", "POST", "/", "", "", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b")]
    [InlineData("post-vanilla-query", "POST", "/?Param1=value1", "", "", "28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11")]
    [InlineData("post-x-www-form-urlencoded", "POST", "/", "content-type:application/x-www-form-urlencoded", "Param1=value1", "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a")]
    [InlineData("post-x-www-form-urlencoded-parameters", "POST", "/", "content-type:application/x-www-form-urlencoded; charset=utf8", "Param1=value1", "1a72ec8f64bd914b0e42e42607c7fbce7fb2c7465f63e3092b3b0d39fa77a6fe")]
    public void Test_suite_request_gets_its_signature(string name, string method, string target, string headers, string body, string signature)
    {
        var signed = new List<KeyValuePair<string, string>> { new("host", "example.amazonaws.com"), new("x-amz-date", Time) };
        signed.AddRange(headers.Split('|', StringSplitOptions.RemoveEmptyEntries).Select(h => h.Split(':', 2)).Select(h => KeyValuePair.Create(h[0], h[1])));
        var authorization = Sign(method, target, signed, body, "service");
        Assert.True(authorization.EndsWith(", Signature=" + signature, StringComparison.Ordinal), $"{name}: {authorization}");
    }

    [Fact]
    public void Documented_request_gets_its_whole_header() => Assert.Equal(
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, SignedHeaders=content-type;host;x-amz-date, Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7",
        Sign(
            "GET", "/?Action=ListUsers&Version=2010-05-08",
            [new("content-type", "application/x-www-form-urlencoded; charset=utf-8"), new("host", "iam.amazonaws.com"), new("x-amz-date", Time)], "", "iam"));

    [Fact]
    public void Documented_key_is_derived() => Assert.Equal(
        "c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9", Convert.ToHexStringLower(SigningKey.Derive(Secret, "20150830", "us-east-1", "iam")));

    private static string Sign(string method, string target, List<KeyValuePair<string, string>> headers, string body, string service)
    {
        headers.Sort(static (a, b) => string.CompareOrdinal(a.Key, b.Key));
        var scope = $"20150830/us-east-1/{service}/aws4_request";
        return SigV4.Authorization(
            method, target, headers.ToArray(), SigV4.HashOf([Encoding.UTF8.GetBytes(body)]), Time, scope, "AKIDEXAMPLE",
            SigningKey.Derive(Secret, "20150830", "us-east-1", service));
    }
}
