using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using EdgeGw.Heads;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.AspNetCore.Http;

namespace EdgeGw.Tests.Heads;

public sealed class HeadInserterTests
{
    private const string Status = "HTTP/1.1 200 OK\r\n";
    private const string Head = Status + "Content-Length: 9\r\nDate: Sun, 22 Nov 2026 19:04:31 GMT\r\n\r\n";

    [Fact]
    public void Lines_stand_behind_the_status_line_however_the_server_cuts_the_rest() =>
        Prop.ForAll(Gen.Choose(1, 40).NonEmptyListOf().ToArbitrary(), Gen.Choose(0, 3).ToArbitrary(), Gen.Choose(1, 9000).ToArbitrary(), (sizes, hints, length) =>
        {
            const string body = "a\r\n\r\nHTTP/1.1 b\r\n\r\n";
            var (pipe, lines, inserter) = New();
            var value = new string('x', length);
            HeadOf(lines).Set(Model, value);

            Write(inserter, Head + body, [Status.Length, .. sizes], hints);

            Assert.Equal($"{Status}x-model: {value}\r\n{Head[Status.Length..]}{body}", Read(pipe));
            Assert.True(lines.IsEmpty);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_server_may_go_on_in_the_memory_that_it_was_lent_for_the_head()
    {
        var (pipe, lines, inserter) = New();
        HeadOf(lines).Set(Model, "gpt-5");

        var lent = inserter.GetMemory();
        Encoding.ASCII.GetBytes(Head).CopyTo(lent);
        inserter.Advance(Head.Length);
        Encoding.ASCII.GetBytes("body").CopyTo(lent[Head.Length..]);
        inserter.Advance(4);

        Assert.Equal(Inserted("x-model: gpt-5\r\n") + "body", Read(pipe));
    }

    [Fact]
    public void Memory_asked_for_again_before_anything_was_written_is_good_too()
    {
        var (pipe, lines, inserter) = New();
        HeadOf(lines).Set(Model, "gpt-5");
        _ = inserter.GetSpan();
        Write(inserter, Head, [200], 2);

        Assert.Equal(Inserted("x-model: gpt-5\r\n"), Read(pipe));
    }

    [Fact]
    public void An_answer_that_does_not_begin_with_a_status_line_is_refused()
    {
        var (_, lines, inserter) = New();
        HeadOf(lines).Set(Model, "gpt-5");

        Assert.Throws<InvalidOperationException>(() => Write(inserter, "5\r\nhello\r\n", [50], 0));
    }

    [Fact]
    public void Without_lines_everything_passes_as_it_is_and_so_does_what_follows_the_head()
    {
        var (pipe, lines, inserter) = New();
        Write(inserter, Head + "1234\r\n\r\n5", [7], 0);
        HeadOf(lines).Set(Model, "second");
        Write(inserter, Head, [200], 0);
        Write(inserter, "\r\n\r\n", [4], 0);

        Assert.Equal(Head + "1234\r\n\r\n5" + Inserted("x-model: second\r\n") + "\r\n\r\n", Read(pipe));
    }

    [Fact]
    public void Lines_that_were_taken_back_do_not_leave()
    {
        var (pipe, lines, inserter) = New();
        var head = HeadOf(lines);
        head.Set(Model, "first");
        head.Clear();
        head.Set(Model, "second");
        Write(inserter, Head, [200], 0);

        Assert.Equal(Inserted("x-model: second\r\n"), Read(pipe));
    }

    [Fact]
    public void A_head_of_many_long_lines_leaves_whole()
    {
        var (pipe, lines, inserter) = New();
        var head = HeadOf(lines);
        var expected = new StringBuilder();
        for (var i = 0; i < 300; i++)
        {
            var value = new string((char)('a' + (i % 26)), i);
            head.PassOn($"x-{i}", value);
            expected.Append($"x-{i}: {value}\r\n");
        }
        Write(inserter, Head, [1000], 0);

        Assert.Equal(Inserted(expected.ToString()), Read(pipe));
    }

    private static string Inserted(string lines) => Status + lines + Head[Status.Length..];

    private static HeaderName Model { get; } = new("x-model");

    private static (Pipe Pipe, HeadLines Lines, HeadInserter Inserter) New()
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 0));
        var lines = new HeadLines();
        return (pipe, lines, new HeadInserter(pipe.Writer, lines));
    }

    private static AnswerHead HeadOf(HeadLines lines)
    {
        var head = new AnswerHead();
        head.Begin(new HeaderDictionary(), lines);
        return head;
    }

    /// <summary>Writes pieces of these sizes in turn, each into what the writer lends for it.</summary>
    private static void Write(PipeWriter writer, string text, int[] sizes, int hint)
    {
        var bytes = Encoding.ASCII.GetBytes(text);
        for (int at = 0, i = 0; at < bytes.Length; i++)
        {
            var size = Math.Min(sizes[i % sizes.Length], bytes.Length - at);
            var span = hint == 0 ? writer.GetSpan(size) : writer.GetMemory(size * hint).Span;
            bytes.AsSpan(at, size).CopyTo(span);
            writer.Advance(size);
            at += size;
        }
    }

    private static string Read(Pipe pipe)
    {
        pipe.Writer.FlushAsync().AsTask().Wait();
        return pipe.Reader.TryRead(out var read) ? Encoding.ASCII.GetString(read.Buffer.ToArray()) : "";
    }
}
