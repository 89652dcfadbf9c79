using EdgeGw.Requests.Inspection;

namespace EdgeGw.Tests.Inspection;

public sealed class FormBoundaryTests
{
    private static readonly byte[] Form = "--abc\r\ncontent-disposition: form-data; name=\"model\"\r\n\r\nwhisper-1\r\n--abc--\r\n"u8.ToArray();

    [Theory]
    [InlineData("multipart/form-data; boundary=abc", true)]
    [InlineData("multipart/form-data; boundary=\"abc\"; charset=utf-8", true)]
    [InlineData("multipart/form-data; Boundary=abc", true)]
    [InlineData("multipart/form-data; boundary=other", false)]
    [InlineData("multipart/form-data; boundary=ab", false)]
    [InlineData("multipart/form-data", false)]
    [InlineData(null, false)]
    public void Boundary_of_the_header_must_begin_the_form(string? contentType, bool agrees) => Assert.Equal(agrees, FormInspector.AgreesWith(contentType, Form));
}
