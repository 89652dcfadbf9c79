using EdgeGw.Requests;
using Microsoft.AspNetCore.Http;

namespace EdgeGw.Tests.Requests;

public sealed class CallerMetadataTests
{
    [Fact]
    public void Flat_object_is_read_as_text()
    {
        Assert.True(TryRead("""{"team":"search","run":7,"dry":true,"note":null}""", out var metadata, out _));
        Assert.Equal(new Dictionary<string, string> { ["team"] = "search", ["run"] = "7", ["dry"] = "true", ["note"] = "" }, metadata);
    }

    [Fact]
    public void No_header_is_no_metadata()
    {
        Assert.True(CallerMetadata.TryRead(new HeaderDictionary(), out var metadata, out _));
        Assert.Empty(metadata);
    }

    [Theory]
    [InlineData("[1]")]
    [InlineData("{\"a\":{\"b\":1}}")]
    [InlineData("{\"a\":1")]
    [InlineData("{\"a\":1} x")]
    [InlineData("not json")]
    public void Anything_else_is_refused_with_a_reason(string header)
    {
        Assert.False(TryRead(header, out _, out var fault));
        Assert.NotNull(fault);
    }

    [Fact]
    public void Too_many_names_are_refused()
    {
        var header = $"{{{string.Join(',', Enumerable.Range(0, 17).Select(i => $"\"k{i}\":1"))}}}";
        Assert.False(TryRead(header, out _, out _));
    }

    private static bool TryRead(string header, out IReadOnlyDictionary<string, string> metadata, out string? fault) =>
        CallerMetadata.TryRead(new HeaderDictionary { ["x-edgegw-metadata"] = header }, out metadata, out fault);
}
