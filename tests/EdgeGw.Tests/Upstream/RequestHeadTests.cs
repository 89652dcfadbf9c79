using System.Text;
using EdgeGw.Upstream;
using EdgeGw.Upstream.Http1;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeGw.Tests.Upstream;

public sealed class RequestHeadTests
{
    private static readonly string[] Methods = ["POST", "POST", "POST", "GET", "GE T", ""];
    private static readonly string[] Paths = ["/v1/x", "/v1/x", "/v1/x", "/v1/y?a=b", "/v1/ x", "no slash"];
    private static readonly string[] Hosts = ["one.example", "one.example", "one.example", "two.example:8080"];
    private static readonly string[] Names = ["Accept", "accept", "x-id", "Authorization", "Content-Length", "Host", "bad name", ""];
    private static readonly string[] Values = ["a", "b", "", "Gr\u00fc\u00dfe", "long " + new string('v', 700), "line\r\nX: y", "nul\0", "\ud800"];

    private static UpstreamRequest RequestOf(string method, string target, IEnumerable<KeyValuePair<string, string>> headers)
    {
        var request = new UpstreamRequest { Origin = new Uri("http://x"), Method = method, Target = target };
        request.Headers.AddRange(headers);
        return request;
    }

    /// <summary>A slow writing of the same.</summary>
    private static string? Oracle(UpstreamRequest request, string host) => RequestHeadRules.Fault(request) ??
        $"{request.Method} {request.Target} HTTP/1.1\r\nHost: {host}"
            + string.Concat(request.Headers.Where(static h => !RequestHeadRules.IsOurs(h.Key)).Select(static h => $"\r\n{h.Key}: {Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(h.Value))}"));

    private static string Written(RequestHead head, UpstreamRequest request, string host) =>
        head.Set(request, Encoding.ASCII.GetBytes(host)) is { } fault ? fault : Encoding.UTF8.GetString(head.Bytes);

    /// <summary>One caller's requests: each keeps most of the last one's headers.</summary>
    [Fact]
    public void Head_that_keeps_parts_of_the_last_one_is_written_as_if_it_were_the_first()
    {
        var requests = Gen.Choose(0, int.MaxValue).Select(static seed =>
        {
            var random = new Random(seed);
            var fields = new List<KeyValuePair<string, string>>();
            var (method, path, host) = ("POST", "/v1/x", "one.example");
            return Enumerable.Range(0, 12).Select(_ =>
            {
                for (var changes = random.Next(4); changes > 0; changes--)
                {
                    // Mostly such as may be sent.
                    var field = KeyValuePair.Create(Names[random.Next(random.Next(5) == 0 ? 8 : 6)], Values[random.Next(random.Next(5) == 0 ? 8 : 5)]);
                    var at = random.Next(fields.Count + 1);
                    if (at == fields.Count || random.Next(3) == 0)
                    {
                        fields.Insert(at, field);
                    }
                    else if (random.Next(2) == 0)
                    {
                        fields[at] = field;
                    }
                    else
                    {
                        fields.RemoveAt(at);
                    }
                }
                if (random.Next(4) == 0)
                {
                    (method, path, host) = (Methods[random.Next(Methods.Length)], Paths[random.Next(Paths.Length)], Hosts[random.Next(Hosts.Length)]);
                }
                return (Request: RequestOf(method, path, fields), Host: host);
            }).ToArray();
        });
        Prop.ForAll(requests.ToArbitrary(), sent =>
        {
            var head = new RequestHead();
            foreach (var (request, host) in sent)
            {
                Assert.Equal(Oracle(request, host), Written(head, request, host));
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));
    }

    [Fact]
    public void Refused_head_leaves_no_bytes_and_nothing_to_build_on()
    {
        var head = new RequestHead();
        var good = RequestOf("POST", "/x", [new("a", "b")]);
        Assert.Equal("POST /x HTTP/1.1\r\nHost: h\r\na: b", Written(head, good, "h"));

        Assert.NotNull(head.Set(RequestOf("POST", "/x", [new("a", "b"), new("c", "d\r\ne: f")]), "h"u8.ToArray()));

        Assert.True(head.Bytes.IsEmpty);
        Assert.Equal("POST /x HTTP/1.1\r\nHost: h\r\na: b", Written(head, good, "h"));
    }

    [Fact]
    public void Large_head_is_let_go_of_when_it_has_been_sent()
    {
        var request = RequestOf("POST", "/x", [new("a", new string('b', 5000))]);
        Assert.Null(request.Head.Set(request, "h"u8.ToArray()));
        Assert.False(request.Head.Bytes.IsEmpty);

        request.Clear();

        Assert.True(request.Head.Bytes.IsEmpty);
    }
}
