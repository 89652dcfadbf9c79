using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace EdgeGw.Bench.Native;

/// <summary>What code lies where in a process: functions by the symbols of its own binary (ELF, 64 bits), other files by their names.</summary>
internal sealed class CodeMap
{
    private readonly List<Segment> _segments = [];
    private readonly List<(long Address, string Name)> _functions = [];

    /// <param name="process">It must still run.</param>
    /// <param name="binary">Its path.</param>
    /// <param name="symbols">The file with the binary's symbols.</param>
    public CodeMap(int process, string binary, string symbols)
    {
        var ownBase = long.MaxValue;
        foreach (var line in File.ReadLines($"/proc/{process}/maps"))
        {
            var parts = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (parts.Length < 6 || !File.Exists(parts[5]))
            {
                continue;
            }
            var range = parts[0].Split('-');
            var (start, offset) = (Hex(range[0]), Hex(parts[2]));
            if (parts[5] == binary)
            {
                ownBase = Math.Min(ownBase, start - offset);
            }
            if (parts[1].Contains('x'))
            {
                _segments.Add(new(start, Hex(range[1]), offset, File.ReadAllBytes(parts[5]), Path.GetFileName(parts[5]), parts[5] == binary));
            }
        }
        ReadFunctions(File.ReadAllBytes(symbols), ownBase);
    }

    /// <summary>The function or file at an address.</summary>
    public string NameAt(long address)
    {
        if (_segments.Find(each => each.Contains(address)) is not { } segment)
        {
            return "[elsewhere]";
        }
        var index = _functions.BinarySearch((address, ""), ByAddress);
        return !segment.IsOwn || index is -1 ? $"[{segment.File}]" : _functions[index >= 0 ? index : ~index - 1].Name;
    }

    public bool IsStart(long address) => _functions.BinarySearch((address, ""), ByAddress) >= 0;

    /// <summary>The first bytes of the instruction there.</summary>
    public ReadOnlySpan<byte> CodeAt(long address) => _segments.Find(each => each.Contains(address)) is { } segment
        ? segment.Bytes.AsSpan((int)(address - segment.Start + segment.Offset), 3)
        : "\0\0\0"u8;

    private static Comparer<(long Address, string Name)> ByAddress { get; } = Comparer<(long Address, string Name)>.Create(static (a, b) => a.Address.CompareTo(b.Address));

    private static long Hex(string text) => long.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    /// <summary>Addresses of a symbol file are those of the binary, loaded from its first segment on.</summary>
    private void ReadFunctions(byte[] elf, long loadedAt)
    {
        const int symbolTable = 2;
        const int symbolSize = 24;
        var sections = (int)BinaryPrimitives.ReadInt64LittleEndian(elf.AsSpan(0x28));
        var count = BinaryPrimitives.ReadUInt16LittleEndian(elf.AsSpan(0x3C));
        for (var i = 0; i < count; i++)
        {
            var section = elf.AsSpan(sections + (i * 64), 64);
            if (BinaryPrimitives.ReadInt32LittleEndian(section[4..]) != symbolTable)
            {
                continue;
            }
            var strings = (int)BinaryPrimitives.ReadInt64LittleEndian(elf.AsSpan(sections + (BinaryPrimitives.ReadInt32LittleEndian(section[0x28..]) * 64) + 0x18));
            var symbols = elf.AsSpan((int)BinaryPrimitives.ReadInt64LittleEndian(section[0x18..]), (int)BinaryPrimitives.ReadInt64LittleEndian(section[0x20..]));
            for (; symbols.Length >= symbolSize; symbols = symbols[symbolSize..])
            {
                var address = BinaryPrimitives.ReadInt64LittleEndian(symbols[8..]);
                if ((symbols[4] & 15) is 0 or 2 && address != 0)
                {
                    var name = elf.AsSpan(strings + BinaryPrimitives.ReadInt32LittleEndian(symbols));
                    _functions.Add((address + loadedAt, Encoding.ASCII.GetString(name[..name.IndexOf((byte)0)])));
                }
            }
        }
        _functions.Sort(ByAddress);
    }

    private sealed record Segment(long Start, long End, long Offset, byte[] Bytes, string File, bool IsOwn)
    {
        public bool Contains(long address) => address >= Start && address < End;
    }
}
