using System.Globalization;

namespace EdgeGw.Bench.Native;

/// <summary>Who called whom, and how many instructions each took, from the addresses of the instructions alone.</summary>
internal sealed class CallTree
{
    /// <summary>No instruction is longer.</summary>
    private const int LongestCall = 8;

    /// <summary>Frames between a caller and what it calls that say nothing: their instructions count as the caller's.</summary>
    private static readonly string[] Plumbing =
    [
        "RhpInterfaceDispatch", "AsyncMethodBuilderCore__Start", "AsyncStateMachineBox_1", "StateMachineBox_1", "ExecutionContext__RunInternal",
        "ContextCallback__Invoke", "ManualResetValueTaskSourceCore_1", "ThreadPool___c__",
    ];

    private readonly SortedDictionary<string, CallTree> _callees = new(StringComparer.Ordinal);
    private long _own;
    private long _calls;

    private long Total => _own + _callees.Values.Sum(static each => each.Total);

    /// <summary>Follows calls, returns and jumps to other functions.</summary>
    public static CallTree Of(IReadOnlyList<long> addresses, CodeMap code)
    {
        var known = new Dictionary<long, (string Name, Kind Kind, bool IsStart)>();
        var root = new CallTree();
        List<(long Caller, CallTree Node, string Name)> stack = [(0, root, "")];
        var last = (Address: 0L, Kind: Kind.Other);
        foreach (var address in addresses)
        {
            if (!known.TryGetValue(address, out var here))
            {
                known[address] = here = (code.NameAt(address), KindOf(code.CodeAt(address)), code.IsStart(address));
            }
            var next = address - last.Address is > 0 and <= LongestCall;
            if (last.Kind == Kind.Call && !next)
            {
                Enter(last.Address);
            }
            else if (last.Kind == Kind.Return)
            {
                var frame = stack.FindLastIndex(each => address - each.Caller is > 0 and <= LongestCall);
                while (frame > 1 && stack[frame - 1].Caller == stack[frame].Caller)
                {
                    frame--;
                }
                if (frame > 0)
                {
                    stack.RemoveRange(frame, stack.Count - frame);
                }
            }
            else if (last.Kind == Kind.Other && here.IsStart && here.Name != stack[^1].Name)
            {
                Enter(stack[^1].Caller); // A jump in place of a call: it returns for both.
            }
            stack[^1].Node._own++;
            last = (address, here.Kind);

            void Enter(long caller)
            {
                var parent = stack[^1];
                if (Plumbing.Any(here.Name.Contains))
                {
                    stack.Add((caller, parent.Node, here.Name));
                    return;
                }
                // What goes on after a wait is called by whoever brings the news; it stands for itself.
                var isResumed = here.Name.EndsWith("__MoveNext", StringComparison.Ordinal) && !parent.Name.Contains("__Start<", StringComparison.Ordinal);
                var callees = (isResumed ? root : parent.Node)._callees;
                if (!callees.TryGetValue(here.Name, out var node))
                {
                    callees[here.Name] = node = new CallTree();
                }
                node._calls++;
                stack.Add((caller, node, here.Name));
            }
        }
        return root;
    }

    /// <summary>Prints what takes at least so many instructions for one of <paramref name="requests"/>: all, of its own, how often.</summary>
    public void Print(TextWriter output, double least, int requests, int depth = 0)
    {
        foreach (var (name, node) in _callees.OrderByDescending(static each => each.Value.Total))
        {
            if (node.Total >= least * requests)
            {
                output.WriteLine(string.Create(
                    CultureInfo.InvariantCulture, $"{new string(' ', depth)}{(double)node.Total / requests:0} ({(double)node._own / requests:0}) x{(double)node._calls / requests:0.#} {name}"));
                node.Print(output, least, requests, depth + 1);
            }
        }
    }

    private static Kind KindOf(ReadOnlySpan<byte> code) => code switch
    {
        [0xE8, ..] or [0xFF, ..] when code[0] == 0xE8 || (code[1] >> 3 & 7) == 2 => Kind.Call,
        [>= 0x40 and <= 0x4F, 0xFF, var modrm] when (modrm >> 3 & 7) == 2 => Kind.Call,
        [0xC3 or 0xC2, ..] or [0xF3, 0xC3, ..] => Kind.Return,
        _ => Kind.Other,
    };

    private enum Kind : byte
    {
        Other,
        Call,
        Return,
    }
}
