using EdgeGw.Requests;

namespace EdgeGw.Tests.Requests;

public sealed class RequestIdTests
{
    [Fact]
    public void New_is_a_version_7_uuid_of_that_time()
    {
        var time = DateTimeOffset.FromUnixTimeMilliseconds(0x017F_22E2_79B0); // The example of RFC 9562, A.6.
        for (var i = 0; i < 1000; i++)
        {
            var id = RequestId.New(time);
            Assert.StartsWith("017f22e2-79b0-7", id.ToString(), StringComparison.Ordinal);
            Assert.Equal(7, id.Version);
            Assert.InRange(id.Variant, 8, 11);
        }
    }

    [Fact]
    public void New_of_one_moment_on_many_threads_repeats_none_and_uses_all_74_bits()
    {
        var ids = new Guid[4][];
        Parallel.For(0, ids.Length, thread => ids[thread] = [.. Enumerable.Range(0, 20_000).Select(_ => RequestId.New(DateTimeOffset.UnixEpoch))]);
        var all = ids.SelectMany(one => one).ToArray();
        Assert.Equal(all.Length, all.Distinct().Count());
        byte[] set = new byte[16], cleared = new byte[16];
        foreach (var id in all)
        {
            var bytes = id.ToByteArray(bigEndian: true);
            for (var i = 0; i < 16; i++)
            {
                set[i] |= bytes[i];
                cleared[i] |= (byte)~bytes[i];
            }
        }
        var free = Enumerable.Range(0, 16).Sum(i => int.PopCount(set[i] & cleared[i]));
        Assert.Equal(74, free);
    }
}
