using EdgeGw.Configuration;
using EdgeGw.Upstream.Aws;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace EdgeGw.Tests.Upstream.Aws;

/// <summary>Each source of rotating credentials against a loopback copy of what AWS puts there.</summary>
public sealed class CredentialFetcherTests : IDisposable
{
    private const string Json = """{"RoleArn":"arn","AccessKeyId":"ASIA1","SecretAccessKey":"s3cret","Token":"t0ken","Expiration":"2030-01-02T03:04:05Z"}""";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("edgegw-aws");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Container_sends_its_token_and_reads_the_answer()
    {
        await using var server = await KestrelServer.StartAsync(HttpProtocols.Http1, context =>
            Answer(context, context.Request.Path == "/v2/credentials/x" && context.Request.Headers.Authorization == "first" ? Json : null));
        AssertGood(await FetchAsync(new ContainerCredentials(new(new Uri(server.Origin, "/v2/credentials/x"), "first", null))));
    }

    [Fact]
    public async Task Container_token_is_read_from_its_file_each_time()
    {
        var file = FileWith("one\n");
        await using var server = await KestrelServer.StartAsync(HttpProtocols.Http1, context =>
            Answer(context, Json.Replace("ASIA1", "for-" + context.Request.Headers.Authorization)));
        var container = new ContainerCredentials(new(server.Origin, "not this", file));
        Assert.Equal("for-one", (await FetchAsync(container)).Credentials!.AccessKeyId);
        await File.WriteAllTextAsync(file, "two");
        Assert.Equal("for-two", (await FetchAsync(container)).Credentials!.AccessKeyId);
        await File.WriteAllTextAsync(file, "three\r\nX-Injected: 1");
        Assert.Contains("cannot be sent", (await FetchAsync(container)).Fault);
        File.Delete(file);
        Assert.Contains("cannot be read", (await FetchAsync(container)).Fault);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"Code\":\"AssumeRoleUnauthorizedAccess\",\"Message\":\"s3cret\"}")]
    [InlineData("{\"AccessKeyId\":\"ASIA1\",\"SecretAccessKey\":\"s3cret\",\"Expiration\":\"soon\"}")]
    [InlineData("{\"AccessKeyId\":\"ASIA1\",\"SecretAccessKey\":\"s3cret\"")]
    [InlineData("{\"AccessKeyId\":\"ASIA1\\r\\nX: y\",\"SecretAccessKey\":\"s3cret\"}")]
    public async Task Answer_that_holds_no_credentials_is_a_fault_that_does_not_quote_it(string body)
    {
        await using var server = await KestrelServer.StartAsync(HttpProtocols.Http1, context => Answer(context, body));
        var result = await FetchAsync(new ContainerCredentials(new(server.Origin, null, null)));
        Assert.Null(result.Credentials);
        Assert.NotNull(result.Fault);
        Assert.DoesNotContain("s3cret", result.Fault);
    }

    [Fact]
    public async Task Endpoint_that_refuses_or_is_not_there_is_a_fault()
    {
        Uri gone;
        await using (var server = await KestrelServer.StartAsync(HttpProtocols.Http1, context => Answer(context, null)))
        {
            gone = server.Origin;
            Assert.Contains("answered 403", (await FetchAsync(new ContainerCredentials(new(gone, null, null)))).Fault);
        }
        Assert.Contains("cannot be asked", (await FetchAsync(new InstanceCredentials(new(gone)))).Fault);
    }

    [Fact]
    public async Task Redirect_is_not_followed()
    {
        await using var server = await KestrelServer.StartAsync(HttpProtocols.Http1, context =>
        {
            context.Response.Redirect("/elsewhere");
            return context.Request.Path == "/elsewhere" ? Answer(context, Json) : Task.CompletedTask;
        });
        Assert.Contains("answered 302", (await FetchAsync(new ContainerCredentials(new(server.Origin, null, null)))).Fault);
    }

    [Fact]
    public async Task Instance_asks_for_a_session_then_the_role_then_its_credentials()
    {
        await using var server = await KestrelServer.StartAsync(HttpProtocols.Http1, context =>
        {
            var (request, hasSession) = (context.Request, context.Request.Headers["x-aws-ec2-metadata-token"] == "session");
            return Answer(context, (request.Method, request.Path.Value) switch
            {
                ("PUT", "/latest/api/token") when request.Headers.ContainsKey("x-aws-ec2-metadata-token-ttl-seconds") => "session",
                ("GET", "/latest/meta-data/iam/security-credentials/") when hasSession => "my-role\n",
                ("GET", "/latest/meta-data/iam/security-credentials/my-role") when hasSession => Json,
                _ => null,
            });
        });
        AssertGood(await FetchAsync(new InstanceCredentials(new(new Uri(server.Origin, "/")))));
    }

    [Fact]
    public async Task Web_identity_trades_its_token_for_the_roles_credentials()
    {
        var form = "";
        await using var server = await KestrelServer.StartAsync(HttpProtocols.Http1, async context =>
        {
            form = await new StreamReader(context.Request.Body).ReadToEndAsync();
            await Answer(context, StsAnswer("<AccessKeyId>ASIA1</AccessKeyId><SecretAccessKey>s3cret</SecretAccessKey>"));
        });
        var identity = new AwsWebIdentity("arn:aws:iam::1:role/r", FileWith("e.y.J\n"), "edgegw", server.Origin);
        AssertGood(await FetchAsync(new WebIdentityCredentials(identity)));
        Assert.Equal("Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fr&RoleSessionName=edgegw&WebIdentityToken=e.y.J", form);
    }

    [Theory]
    [InlineData("")]
    [InlineData("no xml")]
    [InlineData("<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><Credentials><AccessKeyId>&e;</AccessKeyId></Credentials>")]
    [InlineData("<a><Credentials/></a>")]
    [InlineData("<a><Credentials><AccessKeyId>i</AccessKeyId><SecretAccessKey>s</SecretAccessKey></Credentials></a>")]
    [InlineData("<a><Credentials><AccessKeyId><b>i</b></AccessKeyId></Credentials></a>")]
    public void Xml_without_credentials_is_a_fault(string xml) => Assert.Equal((null, "STS did not answer with credentials"), Parts(WebIdentityCredentials.Parse(xml)));

    [Fact]
    public async Task Profile_gives_the_keys_of_its_own_section()
    {
        var file = FileWith("""
            # shared
            [default]
            aws_access_key_id = AKIADEFAULT
            aws_secret_access_key = d

            [ team ]
            ; a comment = x
            aws_access_key_id=ASIA1
            aws_secret_access_key = s3c=ret
            aws_session_token = t0ken
            region = eu-central-1
            [role]
            role_arn = arn
            """);
        var team = (await FetchAsync(new ProfileCredentials(new(file, "team")))).Credentials!;
        Assert.Equal(("ASIA1", "s3c=ret", "t0ken", null), (team.AccessKeyId, team.SecretAccessKey, team.SessionToken, team.Expires));
        Assert.Null((await FetchAsync(new ProfileCredentials(new(file, "default")))).Credentials!.SessionToken);
        Assert.Contains("no keys of profile \"role\"", (await FetchAsync(new ProfileCredentials(new(file, "role")))).Fault);
        Assert.Contains("cannot be read", (await FetchAsync(new ProfileCredentials(new(file + "x", "default")))).Fault);
    }

    private static async Task<AwsCredentialsResult> FetchAsync(IAwsCredentialFetcher fetcher) => await fetcher.FetchAsync(default).WaitAsync(TransportTesting.Patience);

    private static void AssertGood(AwsCredentialsResult result)
    {
        Assert.Null(result.Fault);
        var credentials = result.Credentials!;
        Assert.Equal(("ASIA1", "s3cret", "t0ken"), (credentials.AccessKeyId, credentials.SecretAccessKey, credentials.SessionToken));
        Assert.Equal(new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero), credentials.Expires);
    }

    private static string StsAnswer(string keys) => $"""
        <AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
          <AssumeRoleWithWebIdentityResult>
            <AssumedRoleUser><Arn>arn:aws:sts::1:assumed-role/r/edgegw</Arn></AssumedRoleUser>
            <Credentials>
              <SessionToken>t0ken</SessionToken>{keys}
              <Expiration>2030-01-02T03:04:05Z</Expiration>
            </Credentials>
          </AssumeRoleWithWebIdentityResult>
          <ResponseMetadata><RequestId>r</RequestId></ResponseMetadata>
        </AssumeRoleWithWebIdentityResponse>
        """;

    private static (AwsCredentials?, string?) Parts(AwsCredentialsResult result) => (result.Credentials, result.Fault);

    private string FileWith(string text)
    {
        var path = Path.Combine(_folder.FullName, "file");
        File.WriteAllText(path, text);
        return path;
    }

    private static Task Answer(HttpContext context, string? body)
    {
        context.Response.StatusCode = body is null ? 403 : context.Response.StatusCode;
        return context.Response.WriteAsync(body ?? "s3cret");
    }
}
