using System.Text;
using EdgeGw.Metering;
using EdgeGw.Requests.Inspection;

namespace EdgeGw.Tests.Inspection;

public sealed class FormInspectorTests
{
    private const string File = "--b1\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.mp3\"\r\nContent-Type: audio/mpeg\r\n\r\nID3\0--b1 name=\"model\"\r\n\r\nnot-this\r\n";

    [Theory]
    [InlineData("\"model\"")]
    [InlineData("model")]
    public void Model_and_stream_of_a_form_are_found(string name)
    {
        var result = Inspect(File + $"--b1\r\nContent-Disposition: form-data; name={name}\r\n\r\nwhisper-1\r\n--b1\r\ncontent-disposition:form-data;NAME=\"stream\"\r\n\r\ntrue\r\n--b1--\r\n");
        Assert.Null(result.Error);
        Assert.Equal(("whisper-1", true, true), (result.Facts.Model, result.Facts.Stream, result.Facts.HasAudio));
    }

    [Fact]
    public void Two_models_are_refused()
    {
        const string Model = "--b1\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nm\r\n";
        Assert.Equal(InspectionErrorKind.DuplicateMember, Inspect(Model + File + Model + "--b1--").Error?.Kind);
    }

    [Theory]
    [InlineData("")]
    [InlineData("é")]
    public void Model_that_cannot_be_a_name_is_refused(string model)
    {
        Assert.Equal(InspectionErrorKind.InvalidMember, Inspect($"--b1\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\n{model}\r\n--b1--").Error?.Kind);
    }

    [Fact]
    public void Form_cut_anywhere_is_read_without_harm()
    {
        var body = File + "--b1\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nwhisper-1\r\n--b1--\r\n";
        for (var cut = 2; cut < body.Length; cut++)
        {
            Assert.True(Inspect(body[..cut]) is { Error: null, Facts.Model: null or "whisper-1" });
        }
    }

    [Fact]
    public void What_is_neither_form_nor_json_is_refused()
    {
        Assert.Equal(InspectionErrorKind.InvalidJson, Inspect("ID3").Error?.Kind);
    }

    private static InspectionResult Inspect(string body) => RequestInspector.Inspect(Dialect.Transcriptions, Encoding.UTF8.GetBytes(body));
}
