using System.Buffers.Binary;

namespace EdgeGw.Storage.CrashWriter;

/// <summary>Several writers append records whose content follows from writer and number, and print what was acknowledged.</summary>
public static class AppendWriter
{
    private const int Writers = 4;

    /// <summary>The record that a writer appends as its n-th.</summary>
    public static byte[] Record(int writer, long number)
    {
        Random random = new(HashCode(writer, number));
        byte[] record = new byte[12 + random.Next(600)];
        random.NextBytes(record);
        BinaryPrimitives.WriteInt32LittleEndian(record, writer);
        BinaryPrimitives.WriteInt64LittleEndian(record.AsSpan(4), number);
        return record;
    }

    internal static async Task RunAsync(DataFolder folder)
    {
        await using Journal journal = Journal.Open(folder, JournalOf.SmallOptions);
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(() => WriteAsync(journal, writer))));
    }

    private static async Task WriteAsync(Journal journal, int writer)
    {
        for (long number = 0; ; number++)
        {
            // Two of the writers do not wait for each record, so that batches hold acknowledged and other records.
            bool waits = writer < Writers / 2 || number % 16 == 0;
            long sequence = waits
                ? journal.Append((byte)writer, 1, Record(writer, number))
                : journal.AppendLazily((byte)writer, 1, Record(writer, number));
            if (!waits) continue;
            await journal.WaitDurableAsync(sequence);
            Acknowledgement.Print(sequence, writer, number);
        }
    }

    private static int HashCode(int writer, long number) => unchecked((writer * 1000003) + (int)number);
}
