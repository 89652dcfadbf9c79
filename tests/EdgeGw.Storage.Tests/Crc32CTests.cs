namespace EdgeGw.Storage.Tests;

public sealed class Crc32CTests
{
    // RFC 3720 appendix B.4 and the usual check value.
    [Theory]
    [InlineData("313233343536373839", 0xE3069283)]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000", 0x8A9136AA)]
    [InlineData("ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", 0x62A8AB43)]
    [InlineData("", 0u)]
    public void Compute_known_vector_gives_known_sum(string hex, uint expected) =>
        Assert.Equal(expected, Crc32C.Compute(Convert.FromHexString(hex)));

    [Fact]
    public void EntryChecksum_covers_words_then_bytes()
    {
        byte[] bytes = [.. Enumerable.Range(1, 19).Select(i => (byte)i)];
        Assert.Equal(BitConverter.ToUInt64(bytes, 0) ^ BitConverter.ToUInt64(bytes, 8) ^ 17 ^ 18 ^ 19, JournalFormat.EntryChecksum(bytes));
    }
}
