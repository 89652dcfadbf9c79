using System.Numerics;
using System.Text;

namespace EdgeGw.Metering.Json;

/// <summary>The JSON paths a dialect reads, as a prefix tree: <c>usage.prompt_tokens</c>, <c>choices[].delta.content</c>.</summary>
/// <remarks>Immutable and shared. Paths are matched member by member, so the same names inside text or elsewhere never count.</remarks>
internal sealed class PathTable
{
    /// <summary>Longest path in members and array steps; the walker's stack has this many places.</summary>
    public const int MaxDepth = 12;

    public const int Root = 0;
    public const int Nowhere = -1;

    private readonly Node[] _nodes;

    /// <summary>For each node, from <see cref="Node.Ranks"/> on: the first child of each set bit of its filter, in order of the bits.</summary>
    private readonly int[] _ranked;

    public PathTable(params IEnumerable<(string Path, Slot Slot)> paths)
    {
        var nodes = new List<Node> { new() { Key = [], FirstChild = Nowhere, Sibling = Nowhere, Element = Nowhere } };
        foreach (var (path, slot) in paths)
        {
            Add(nodes, path, slot);
        }
        _ranked = Rank(nodes);
        _nodes = [.. nodes];
    }

    public Slot SlotOf(int node) => node == Nowhere ? Slot.None : _nodes[node].Slot;

    public bool HasMembers(int node) => node != Nowhere && (_nodes[node].FirstChild != Nowhere || _nodes[node].Slot != Slot.None);

    /// <summary>The node of an array's elements.</summary>
    public int Element(int node) => node == Nowhere ? Nowhere : _nodes[node].Element;

    public int Member(int node, ReadOnlySpan<byte> key)
    {
        ref readonly var parent = ref _nodes[node];
        var bit = FilterBit(key);
        if ((parent.Filter >> bit & 1) == 0)
        {
            return Nowhere;
        }
        // As many children stand before it as there are lower bits; those that share its bit follow each other.
        var child = _ranked[parent.Ranks + BitOperations.PopCount(parent.Filter & ((1UL << bit) - 1))];
        while (child != Nowhere && !key.SequenceEqual(_nodes[child].Key))
        {
            child = _nodes[child].SameBit;
        }
        return child;
    }

    private static int FilterBit(ReadOnlySpan<byte> key) => key.IsEmpty ? 0 : ((key.Length * 7) + (key[0] * 5) + key[^1]) & 63;

    private static int[] Rank(List<Node> nodes)
    {
        var ranked = new List<int>();
        for (var at = 0; at < nodes.Count; at++)
        {
            nodes[at] = nodes[at] with { Ranks = ranked.Count };
            var byBit = new SortedDictionary<int, int>();
            for (var child = nodes[at].FirstChild; child != Nowhere; child = nodes[child].Sibling)
            {
                var bit = FilterBit(nodes[child].Key);
                nodes[child] = nodes[child] with { SameBit = byBit.GetValueOrDefault(bit, Nowhere) };
                byBit[bit] = child;
            }
            ranked.AddRange(byBit.Values);
        }
        return [.. ranked];
    }

    private static void Add(List<Node> nodes, string path, Slot slot)
    {
        var at = Root;
        var depth = 0;
        foreach (var member in path.Split('.'))
        {
            var name = member.AsSpan();
            var elements = 0;
            while (name.EndsWith("[]"))
            {
                name = name[..^2];
                elements++;
            }
            at = Child(nodes, at, Encoding.UTF8.GetBytes(name.ToString()));
            depth += 1 + elements;
            for (; elements > 0; elements--)
            {
                if (nodes[at].Element == Nowhere)
                {
                    nodes.Add(new() { Key = [], FirstChild = Nowhere, Sibling = Nowhere, Element = Nowhere });
                    nodes[at] = nodes[at] with { Element = nodes.Count - 1 };
                }
                at = nodes[at].Element;
            }
        }
        ArgumentOutOfRangeException.ThrowIfGreaterThan(depth, MaxDepth - 1, path);
        nodes[at] = nodes[at] with { Slot = slot };
    }

    private static int Child(List<Node> nodes, int parent, byte[] key)
    {
        for (var child = nodes[parent].FirstChild; child != Nowhere; child = nodes[child].Sibling)
        {
            if (nodes[child].Key.AsSpan().SequenceEqual(key))
            {
                return child;
            }
        }
        nodes.Add(new() { Key = key, FirstChild = Nowhere, Sibling = nodes[parent].FirstChild, Element = Nowhere });
        nodes[parent] = nodes[parent] with { FirstChild = nodes.Count - 1, Filter = nodes[parent].Filter | 1UL << FilterBit(key) };
        return nodes.Count - 1;
    }

    private readonly record struct Node
    {
        public required byte[] Key { get; init; }
        public required int FirstChild { get; init; }
        public required int Sibling { get; init; }
        public required int Element { get; init; }
        public Slot Slot { get; init; }

        /// <summary>One bit for each member's name, so that most foreign names need no comparison.</summary>
        public ulong Filter { get; init; }

        /// <summary>Where its children begin in <see cref="_ranked"/>.</summary>
        public int Ranks { get; init; }

        /// <summary>The next of the parent's children whose names have this one's bit.</summary>
        public int SameBit { get; init; }
    }
}
