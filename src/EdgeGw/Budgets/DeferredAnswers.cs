using System.Buffers;
using System.Buffers.Binary;
using EdgeGw.Identity;

namespace EdgeGw.Budgets;

/// <summary>The background answers whose usage is still to come, by provider and id. A cache of the journal; changed only under the ledger's lock.</summary>
/// <remarks>
/// Bounded: when there is no room, or when 30 days have passed (for longer no provider keeps an answer), the oldest is forgotten and stays
/// charged at its hold. Time is that of the newest answer, so that a replay forgets what the gateway forgot.
/// </remarks>
/// <param name="maxBytes">Room for all answers together, each counted with its overhead; 64 MiB are about 100,000 usual ones.</param>
public sealed class DeferredAnswers(long maxBytes = DeferredAnswers.DefaultMaxBytes)
{
    public const long DefaultMaxBytes = 64 * 1024 * 1024;

    private const int Overhead = 256;
    private static readonly TimeSpan Keep = TimeSpan.FromDays(30);

    private readonly Dictionary<(string Provider, string Id), LinkedListNode<DeferredAnswer>> _byId = [];
    private readonly LinkedList<DeferredAnswer> _byAge = [];
    private long _bytes;
    private long _forgotten;

    public int Count => _byId.Count;

    /// <summary>How many were forgotten since the start.</summary>
    public long Forgotten => Volatile.Read(ref _forgotten);

    /// <summary>Remembers an answer. One that is known already stays as it is: a second request for it is charged on its own.</summary>
    internal void Add(DeferredAnswer answer)
    {
        var node = new LinkedListNode<DeferredAnswer>(answer);
        if (!_byId.TryAdd((answer.Provider, answer.Id), node))
        {
            _forgotten++;
            return;
        }
        _byAge.AddLast(node);
        _bytes += SizeOf(answer);
        while (_byAge.First is { } oldest && (_bytes > maxBytes || answer.Time - oldest.Value.Time > Keep))
        {
            Remove(oldest);
            _forgotten++;
        }
    }

    internal DeferredAnswer? Find(string provider, string id) => _byId.TryGetValue((provider, id), out var node) ? node.Value : null;

    /// <returns>False when it is not here any more: corrected or forgotten.</returns>
    internal bool Remove(DeferredAnswer answer)
    {
        if (!_byId.TryGetValue((answer.Provider, answer.Id), out var node) || node.Value.Sequence != answer.Sequence)
        {
            return false;
        }
        Remove(node);
        return true;
    }

    /// <summary>Their corrections will go to the rows of the pseudonym.</summary>
    internal void Erase(Erasure person)
    {
        for (var node = _byAge.First; node is not null; node = node.Next)
        {
            if (node.Value.TryErase(person) is { } erased)
            {
                _bytes += SizeOf(erased) - SizeOf(node.Value);
                node.Value = erased;
            }
        }
    }

    /// <summary>All of them, oldest first; they do not change when this table does.</summary>
    internal DeferredAnswer[] Snapshot() => [.. _byAge];

    internal static void Write(DeferredAnswer[] answers, IBufferWriter<byte> output)
    {
        BinaryPrimitives.WriteInt32LittleEndian(output.GetSpan(sizeof(int)), answers.Length);
        output.Advance(sizeof(int));
        foreach (var answer in answers)
        {
            LedgerRecord.WriteDeferred(output, answer);
        }
    }

    internal void Read(ReadOnlySpan<byte> snapshot)
    {
        var count = BinaryPrimitives.ReadInt32LittleEndian(snapshot);
        snapshot = snapshot[sizeof(int)..];
        for (var i = 0; i < count; i++)
        {
            Add(LedgerRecord.ReadDeferred(snapshot, out var consumed));
            snapshot = snapshot[consumed..];
        }
    }

    private void Remove(LinkedListNode<DeferredAnswer> node)
    {
        _byAge.Remove(node);
        _byId.Remove((node.Value.Provider, node.Value.Id));
        _bytes -= SizeOf(node.Value);
    }

    private static long SizeOf(DeferredAnswer answer) => answer.Details.Length + Overhead;
}
