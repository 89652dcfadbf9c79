using System.Globalization;

namespace EdgeGw.Pricing;

/// <summary>A fee beside tokens: its name in price files, and where it stands in them and in prices.</summary>
internal sealed record FeeClass(
    string Name, Func<UnitFees, UnitPrice> Of, Func<CatalogueDocument.Fees, decimal> Get, Action<CatalogueDocument.Fees, decimal> Set)
{
    public static readonly FeeClass Request = new("request", f => f.Request, f => f.Request, (f, v) => f.Request = v);
    public static readonly FeeClass WebSearch = new("web_search", f => f.WebSearch, f => f.WebSearch, (f, v) => f.WebSearch = v);
    public static readonly FeeClass GroundedRequest =
        new("grounded_request", f => f.GroundedRequest, f => f.GroundedRequest, (f, v) => f.GroundedRequest = v);
    public static readonly FeeClass FileSearch = new("file_search", f => f.FileSearch, f => f.FileSearch, (f, v) => f.FileSearch = v);
    public static readonly FeeClass Container = new("container", f => f.Container, f => f.Container, (f, v) => f.Container = v);
    public static readonly FeeClass SearchUnit = new("search_unit", f => f.SearchUnit, f => f.SearchUnit, (f, v) => f.SearchUnit = v);
    public static readonly FeeClass Image = new("image", f => f.Image, f => f.Image, (f, v) => f.Image = v);
    public static readonly FeeClass Second = new("second", f => f.Second, f => f.Second, (f, v) => f.Second = v);
    public static readonly FeeClass Character = new("character", f => f.Character, f => f.Character, (f, v) => f.Character = v);

    public static readonly FeeClass Page = new("page", f => f.Page, f => f.Page, (f, v) => f.Page = v);

    public static IReadOnlyList<FeeClass> All { get; } =
        [Request, WebSearch, GroundedRequest, FileSearch, Container, SearchUnit, Image, Second, Character, Page];

    /// <summary>Dollars for one, as an exact decimal.</summary>
    public static string Dollars(UnitPrice fee) =>
        ((decimal)fee.NanoUsdPerMillion / NanoUsd.PerDollar / 1_000_000).ToString("0.###############", CultureInfo.InvariantCulture);
}
