using System.Buffers.Binary;
using System.Text;

namespace EdgeGw.Tests.Metering;

/// <summary>Writes AWS event stream frames, by the format's description and with a checksum computed bit by bit.</summary>
internal static class Frames
{
    public static byte[] Event(string type, string payload) => Frame(payload, (":event-type", type), (":content-type", "application/json"), (":message-type", "event"));

    public static byte[] Exception(string type, string payload) => Frame(payload, (":exception-type", type), (":message-type", "exception"));

    /// <summary>An event of <c>InvokeModelWithResponseStream</c>, the model's JSON inside.</summary>
    public static byte[] Chunk(string json) =>
        Event("chunk", $"{{\"bytes\":\"{Convert.ToBase64String(Encoding.UTF8.GetBytes(json))}\",\"p\":\"abcdefghijk\"}}");

    public static byte[] Frame(string payload, params (string Name, string Value)[] headers)
    {
        var head = new List<byte>();
        foreach (var (name, value) in headers)
        {
            head.Add((byte)name.Length);
            head.AddRange(Encoding.ASCII.GetBytes(name));
            head.Add(7);
            head.AddRange(BigEndian((uint)value.Length)[2..]);
            head.AddRange(Encoding.ASCII.GetBytes(value));
        }
        var body = Encoding.UTF8.GetBytes(payload);
        List<byte> frame = [.. BigEndian((uint)(16 + head.Count + body.Length)), .. BigEndian((uint)head.Count)];
        frame.AddRange(BigEndian(Crc([.. frame])));
        frame.AddRange(head);
        frame.AddRange(body);
        frame.AddRange(BigEndian(Crc([.. frame])));
        return [.. frame];
    }

    public static uint Crc(byte[] bytes)
    {
        var crc = 0xFFFFFFFF;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 0 ? crc >> 1 : crc >> 1 ^ 0xEDB88320;
            }
        }
        return ~crc;
    }

    private static byte[] BigEndian(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }
}
