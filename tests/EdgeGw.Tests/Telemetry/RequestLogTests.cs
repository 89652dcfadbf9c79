using System.Text.Json;
using EdgeGw.Telemetry;

namespace EdgeGw.Tests.Telemetry;

public sealed class RequestLogTests
{
    private readonly GatewayMetrics _metrics = new("test");

    [Fact]
    public async Task Stop_writes_everything_that_was_queued()
    {
        var destination = new MemoryStream();
        var log = new RequestLog(() => destination, _metrics, TimeProvider.System);
        for (var i = 0; i < 1000; i++)
        {
            log.Write(Generators.Few(new Random(i)));
        }
        await log.DisposeAsync();

        var lines = System.Text.Encoding.UTF8.GetString(destination.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(1000, lines.Length);
        Assert.All(lines, static line => JsonDocument.Parse(line).Dispose());
        Assert.Equal(0, _metrics.RequestLogQueueFull.Value);
    }

    [Fact]
    public async Task Stalled_reader_drops_and_counts_and_never_blocks()
    {
        using var release = new ManualResetEventSlim();
        var stalled = new StallingStream(release);
        var log = new RequestLog(() => stalled, _metrics, TimeProvider.System, capacity: 4);
        log.Write(Generators.Few(new Random(1)));
        Assert.True(stalled.Reached.Wait(TimeSpan.FromSeconds(30)));
        for (var i = 0; i < 10; i++)
        {
            log.Write(Generators.Few(new Random(i)));
        }

        Assert.Equal(6, _metrics.RequestLogQueueFull.Value);
        release.Set();
        await log.DisposeAsync();
        Assert.Equal(5, stalled.Lines);
    }

    [Fact]
    public async Task Records_queued_during_a_write_go_into_one_write()
    {
        using var release = new ManualResetEventSlim();
        var stalled = new StallingStream(release);
        var log = new RequestLog(() => stalled, _metrics, TimeProvider.System);
        log.Write(Generators.Few(new Random(1)));
        Assert.True(stalled.Reached.Wait(TimeSpan.FromSeconds(30)));
        for (var i = 0; i < 20; i++)
        {
            log.Write(Generators.Few(new Random(i)));
        }
        release.Set();
        await log.DisposeAsync();

        Assert.Equal(21, stalled.Lines);
        Assert.Equal(2, stalled.Writes);
    }

    [Fact]
    public async Task Failing_destination_is_counted_and_tried_again()
    {
        var destination = new MemoryStream();
        using var failed = new ManualResetEventSlim();
        var opens = 0;
        var log = new RequestLog(
            () =>
            {
                if (opens++ == 0)
                {
                    failed.Set();
                    throw new IOException("disk full");
                }
                return destination;
            },
            _metrics, TimeProvider.System);
        log.Write(Generators.Few(new Random(1)));
        Assert.True(failed.Wait(TimeSpan.FromSeconds(30)));
        log.Write(Generators.Few(new Random(2)));
        await log.DisposeAsync();

        var written = destination.ToArray().Count(static b => b == '\n');
        Assert.Equal(2, written + _metrics.RequestLogWriteFailed.Value);
        Assert.InRange(_metrics.RequestLogWriteFailed.Value, 1, 2);
    }

    [Fact]
    public async Task File_is_appended_to_private_and_reopened_for_rotation()
    {
        var folder = Directory.CreateTempSubdirectory("edgegw-log-").FullName;
        try
        {
            var path = Path.Combine(folder, "requests.jsonl");
            File.WriteAllText(path, "");
            File.Delete(path);
            var log = RequestLog.Open(path, _metrics, TimeProvider.System)!;
            log.Write(Generators.Few(new Random(1)));
            await log.DisposeAsync();
            if (!OperatingSystem.IsWindows())
            {
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
            }

            log = RequestLog.Open(path, _metrics, TimeProvider.System)!;
            File.Move(path, path + ".1");
            log.Reopen();
            log.Write(Generators.Few(new Random(2)));
            await log.DisposeAsync();

            Assert.Single(File.ReadAllLines(path + ".1"));
            Assert.Single(File.ReadAllLines(path));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Off_means_no_log() => Assert.Null(RequestLog.Open("off", _metrics, TimeProvider.System));

    private sealed class StallingStream(ManualResetEventSlim release) : MemoryStream
    {
        internal ManualResetEventSlim Reached { get; } = new();

        internal int Lines { get; private set; }

        internal int Writes { get; private set; }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            Reached.Set();
            release.Wait();
            Writes++;
            Lines += buffer.Count((byte)'\n');
        }
    }
}
