using System.Buffers.Binary;

namespace EdgeGw.Metering.Framing;

/// <summary>CRC-32 of IEEE 802.3 (reflected, polynomial 0xEDB88320), which AWS event streams carry. Sliced by eight: no CPU has it as an instruction but ARM.</summary>
internal static class Crc32
{
    private static readonly uint[] Tables = Build();

    /// <summary>Goes on from <paramref name="crc"/>, which is 0 at the start.</summary>
    public static uint Append(uint crc, ReadOnlySpan<byte> data)
    {
        var tables = Tables;
        crc = ~crc;
        while (data.Length >= 8)
        {
            var low = BinaryPrimitives.ReadUInt32LittleEndian(data) ^ crc;
            var high = BinaryPrimitives.ReadUInt32LittleEndian(data[4..]);
            crc = tables[(7 << 8) + (byte)low] ^ tables[(6 << 8) + (byte)(low >> 8)] ^ tables[(5 << 8) + (byte)(low >> 16)] ^ tables[(4 << 8) + (int)(low >> 24)]
                ^ tables[(3 << 8) + (byte)high] ^ tables[(2 << 8) + (byte)(high >> 8)] ^ tables[(1 << 8) + (byte)(high >> 16)] ^ tables[(int)(high >> 24)];
            data = data[8..];
        }
        foreach (var b in data)
        {
            crc = tables[(byte)(crc ^ b)] ^ (crc >> 8);
        }
        return ~crc;
    }

    private static uint[] Build()
    {
        var tables = new uint[8 << 8];
        for (uint i = 0; i < 256; i++)
        {
            var crc = i;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
            }
            tables[i] = crc;
        }
        for (var i = 256; i < tables.Length; i++)
        {
            tables[i] = tables[(byte)tables[i - 256]] ^ (tables[i - 256] >> 8);
        }
        return tables;
    }
}
