using EdgeGw.Requests.Inspection;

namespace EdgeGw.Pricing;

/// <summary>What is charged beside tokens. No service tier, place or context length changes a fee.</summary>
public sealed record UnitFees
{
    public static readonly UnitFees None = new();

    /// <summary>Per answer; with <see cref="Search"/> the dearest of those.</summary>
    public UnitPrice Request { get; init; }
    /// <summary>Instead of <see cref="Request"/>, by how much search context the request asks for; null: all the same.</summary>
    public SearchContextFees? Search { get; init; }
    /// <summary>Per search.</summary>
    public UnitPrice WebSearch { get; init; }
    /// <summary>Once per answer that searched at all, however often.</summary>
    public UnitPrice GroundedRequest { get; init; }
    /// <summary>Per search in the caller's stored files.</summary>
    public UnitPrice FileSearch { get; init; }
    /// <summary>Per sandbox in which code ran.</summary>
    public UnitPrice Container { get; init; }
    /// <summary>Rerank: one query with up to a provider-defined number of documents.</summary>
    public UnitPrice SearchUnit { get; init; }
    /// <summary>Per image; with <see cref="Images"/> the dearest of those.</summary>
    public UnitPrice Image { get; init; }
    /// <summary>Instead of <see cref="Image"/>, by size and quality. The first one holds for what a request leaves out.</summary>
    public IReadOnlyList<ImageFee> Images { get; init; } = [];
    /// <summary>Per second of audio, of which a part counts as a whole one.</summary>
    public UnitPrice Second { get; init; }
    /// <summary>The least that is billed of an audio, in seconds.</summary>
    public long MinSeconds { get; init; }
    public UnitPrice Character { get; init; }
    public UnitPrice Page { get; init; }

    /// <summary>The fees for what this request asks for.</summary>
    public UnitFees For(in RequestFacts facts) => Search is null && Images.Count == 0 ? this : this with
    {
        Request = Search?.For(facts.SearchContext) ?? Request,
        Search = null,
        Image = ImageFor(facts.ImageSize, facts.ImageQuality),
        Images = [],
    };

    private UnitPrice ImageFor(string? size, string? quality)
    {
        if (Images.Count == 0)
        {
            return Image;
        }
        size ??= Images[0].Size;
        quality ??= Images[0].Quality;
        foreach (var fee in Images)
        {
            if (fee.Size.Equals(size, StringComparison.OrdinalIgnoreCase) && (fee.Quality is null || fee.Quality.Equals(quality, StringComparison.OrdinalIgnoreCase)))
            {
                return fee.Price;
            }
        }
        return Image;
    }
}

/// <summary>What one image of a size and quality costs.</summary>
/// <param name="Size">As the request spells it: <c>1024x1792</c>.</param>
/// <param name="Quality">As the request spells it: <c>hd</c>; null: any.</param>
public sealed record ImageFee(string Size, string? Quality, UnitPrice Price);

/// <summary>Per answer, by <c>search_context_size</c>; a request without one asks for the low one, and an unknown one costs the most.</summary>
public sealed record SearchContextFees(UnitPrice Low, UnitPrice Medium, UnitPrice High)
{
    internal UnitPrice For(string? context) => context switch
    {
        null or "low" => Low,
        "medium" => Medium,
        _ => High,
    };
}
