using EdgeGw.Metering.Json;

namespace EdgeGw.Metering.Dialects;

/// <summary>Gathers what each of the models behind one answer used. Kept with its reader, so that gathering allocates nothing.</summary>
internal sealed class PartList
{
    /// <summary>More models than this are taken for the answer's own.</summary>
    private const int Most = 8;

    private readonly ShortText[] _models = new ShortText[Most];
    private readonly Usage[] _usages = new Usage[Most];
    private readonly bool[] _declined = new bool[Most];
    private int _count;

    public void Clear() => _count = 0;

    /// <param name="model">Empty: the answer's own.</param>
    /// <param name="declined">The model passed the question on to another.</param>
    public void Add(in ShortText model, bool declined, in Usage usage)
    {
        for (var i = 0; i < _count; i++)
        {
            if (_declined[i] == declined && _models[i].Is(model))
            {
                _usages[i] = Sum(_usages[i], usage);
                return;
            }
        }
        if (_count == Most)
        {
            _models[Most - 1].Clear();
            _usages[Most - 1] = Sum(_usages[Most - 1], usage);
            return;
        }
        _models[_count] = model;
        _usages[_count] = usage;
        _declined[_count] = declined;
        _count++;
    }

    /// <summary>The parts; null when all of them are <paramref name="own"/>'s.</summary>
    public UsagePart[]? ToParts(in ShortText own, bool withDeclined)
    {
        var count = 0;
        var foreign = false;
        for (var i = 0; i < _count; i++)
        {
            if (withDeclined || !_declined[i])
            {
                count++;
                foreign |= !IsOwn(i, own);
            }
        }
        if (!foreign)
        {
            return null;
        }
        var parts = new UsagePart[count];
        for (int i = 0, at = 0; i < _count; i++)
        {
            if (withDeclined || !_declined[i])
            {
                parts[at++] = new UsagePart(IsOwn(i, own) ? null : _models[i].Get(), _usages[i]);
            }
        }
        return parts;
    }

    private bool IsOwn(int index, in ShortText own) => _models[index].IsEmpty || _models[index].Is(own);

    private static Usage Sum(in Usage a, in Usage b)
    {
        var sum = a;
        for (var index = 0; index < UsageClass.TokenCount; index++)
        {
            UsageClass.Mutable(ref sum)[index] += UsageClass.Of(in b)[index];
        }
        return sum;
    }
}
