using EdgeGw.Configuration;
using EdgeGw.Routing;

namespace EdgeGw.Tests.Routing;

public sealed class ProviderTests
{
    [Theory]
    [InlineData("openai", null, null, true)]
    [InlineData("openai", null, "sk", false)]
    [InlineData("openai", "http://127.0.0.1:8000/v1", null, false)] // A local model server.
    [InlineData("azure-openai", "https://acme.openai.azure.com", null, true)]
    [InlineData("azure-openai", "https://acme.openai.azure.com", "az", false)]
    [InlineData("ollama", null, null, false)]
    public void Provider_lacks_a_key_unless_it_has_one_or_serves_at_an_address_of_its_own(string kind, string? url, string? key, bool lacks)
    {
        var provider = new Provider("p", new ProviderConfig { Kind = kind, BaseUrl = url is null ? null : new Uri(url), ApiKey = key });
        Assert.Equal(lacks, provider.LacksKey);
    }
}
