namespace EdgeGw.Storage;

/// <summary>One record as read back from the journal, valid only during the visit.</summary>
public readonly ref struct JournalRecord
{
    internal JournalRecord(byte type, byte version, long sequence, long address, ReadOnlySpan<byte> payload)
    {
        Type = type;
        Version = version;
        Sequence = sequence;
        Address = address;
        Payload = payload;
    }

    /// <summary>What kind of record; the meaning is the caller's.</summary>
    public byte Type { get; }

    /// <summary>Version of the payload's layout; the meaning is the caller's.</summary>
    public byte Version { get; }

    /// <summary>Position in the order of all records: 1, 2, 3... without gaps.</summary>
    public long Sequence { get; }

    /// <summary>Where the record starts, as <see cref="Journal.Replay(long, JournalVisitor)"/> takes it.</summary>
    public long Address { get; }

    /// <summary>The bytes given to <see cref="Journal.Append"/>; copy what must outlive the visit.</summary>
    public ReadOnlySpan<byte> Payload { get; }
}

/// <summary>Called once for each record, in order of sequence. What it throws ends the replay.</summary>
public delegate void JournalVisitor(in JournalRecord record);
