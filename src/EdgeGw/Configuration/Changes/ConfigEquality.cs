namespace EdgeGw.Configuration.Changes;

/// <summary>Equality of those parts of a configuration that hold lists, which a record compares by reference.</summary>
/// <remarks>A list forgotten here makes equal things look changed, never the other way round.</remarks>
internal static class ConfigEquality
{
    public static bool Same(BudgetConfig a, BudgetConfig b) =>
        a with { Match = b.Match, Per = b.Per, GroupAmounts = b.GroupAmounts, Alerts = b.Alerts } == b
        && Both(a.Match, b.Match, Same) && a.Per.SequenceEqual(b.Per) && Same(a.GroupAmounts, b.GroupAmounts) && a.Alerts.SequenceEqual(b.Alerts);

    public static bool Same(LimitConfig a, LimitConfig b) =>
        a with { Match = b.Match, Per = b.Per } == b && Both(a.Match, b.Match, Same) && a.Per.SequenceEqual(b.Per);

    public static bool Same(PolicyConfig a, PolicyConfig b) =>
        a with { Match = b.Match, Allow = b.Allow, Require = b.Require, Limits = b.Limits } == b
        && a.Limits.Count == b.Limits.Count && a.Limits.Zip(b.Limits).All(static pair => Same(pair.First, pair.Second))
        && Both(a.Match, b.Match, Same) && Both(a.Allow, b.Allow, Same) && Both(a.Require, b.Require, Same);

    public static bool Same(VelocityConfig? a, VelocityConfig? b) =>
        Both(a, b, static (a, b) => a with { Per = b.Per } == b && a.Per.SequenceEqual(b.Per));

    public static bool Same(AlertConfig a, AlertConfig b) =>
        a.Webhooks.Count == b.Webhooks.Count && a.Webhooks.Zip(b.Webhooks).All(static pair => Same(pair.First, pair.Second));

    public static bool Same(KeyConfig a, KeyConfig b) =>
        a with { Groups = b.Groups, Models = b.Models, Metadata = b.Metadata } == b && a.Groups.SequenceEqual(b.Groups) && a.Models.SequenceEqual(b.Models) && Same(a.Metadata, b.Metadata);

    public static bool Same(JwtConfig a, JwtConfig b) =>
        a with
        {
            Audiences = b.Audiences,
            Algorithms = b.Algorithms,
            User = b.User,
            Email = b.Email,
            Groups = b.Groups,
            Service = b.Service,
            Metadata = b.Metadata,
            Custom = b.Custom,
            GroupNames = b.GroupNames,
            Require = b.Require,
        } == b
        && a.Audiences.SequenceEqual(b.Audiences) && a.Algorithms.SequenceEqual(b.Algorithms) && a.User.SequenceEqual(b.User) && a.Email.SequenceEqual(b.Email)
        && a.Groups.SequenceEqual(b.Groups) && a.Service.SequenceEqual(b.Service) && Same(a.Metadata, b.Metadata) && Same(a.Custom, b.Custom)
        && Same(a.GroupNames, b.GroupNames)
        && a.Require.Count == b.Require.Count && a.Require.All(pair => b.Require.TryGetValue(pair.Key, out var other) && pair.Value.SequenceEqual(other));

    public static bool Same(PricingConfig a, PricingConfig b) =>
        a with { Files = b.Files, Overrides = b.Overrides, CustomCost = b.CustomCost, ShowPrices = b.ShowPrices } == b
        && a.Files.SequenceEqual(b.Files) && Both(a.CustomCost, b.CustomCost, Same) && Both(a.ShowPrices, b.ShowPrices, Same)
        && a.Overrides.Count == b.Overrides.Count && a.Overrides.Zip(b.Overrides).All(static pair => Same(pair.First, pair.Second));

    private static bool Same(WebhookConfig a, WebhookConfig b) => a with { Events = b.Events } == b && a.Events.SequenceEqual(b.Events);

    private static bool Same(PriceOverride a, PriceOverride b) => a with { Match = b.Match } == b && Both(a.Match, b.Match, Same);

    private static bool Same(CallMatch a, CallMatch b) =>
        a with { Users = b.Users, Emails = b.Emails, Groups = b.Groups, Services = b.Services, Keys = b.Keys, Models = b.Models, Providers = b.Providers, Metadata = b.Metadata, Environments = b.Environments } == b
        && a.Users.SequenceEqual(b.Users) && a.Environments.SequenceEqual(b.Environments) && a.Emails.SequenceEqual(b.Emails) && a.Groups.SequenceEqual(b.Groups) && a.Services.SequenceEqual(b.Services)
        && a.Keys.SequenceEqual(b.Keys) && a.Models.SequenceEqual(b.Models) && a.Providers.SequenceEqual(b.Providers) && Same(a.Metadata, b.Metadata);

    private static bool Same(PolicyMatch a, PolicyMatch b) =>
        a with { Calls = b.Calls, Claims = b.Claims, Dialects = b.Dialects, Time = b.Time, Networks = b.Networks, Except = b.Except } == b
        && Same(a.Calls, b.Calls) && a.Except.Count == b.Except.Count && a.Except.Zip(b.Except).All(static pair => Same(pair.First, pair.Second))
        && a.Dialects.SequenceEqual(b.Dialects) && a.Networks.SequenceEqual(b.Networks)
        && a.Claims.Count == b.Claims.Count && a.Claims.All(claim => b.Claims.TryGetValue(claim.Key, out var other) && claim.Value.SequenceEqual(other))
        && Both(a.Time, b.Time, static (a, b) => a with { Zone = b.Zone, Days = b.Days } == b && a.Zone.Id == b.Zone.Id && a.Days.SequenceEqual(b.Days));

    private static bool Same(ResourceMatch a, ResourceMatch b) =>
        a.Models.SequenceEqual(b.Models) && a.Providers.SequenceEqual(b.Providers) && a.Dialects.SequenceEqual(b.Dialects);

    private static bool Same(Requirement a, Requirement b) => a with { Metadata = b.Metadata } == b && a.Metadata.SequenceEqual(b.Metadata);

    private static bool Same(PrincipalMatch a, PrincipalMatch b) =>
        a with { Groups = b.Groups, Users = b.Users, Services = b.Services, Keys = b.Keys, Metadata = b.Metadata } == b
        && a.Groups.SequenceEqual(b.Groups) && a.Users.SequenceEqual(b.Users) && a.Services.SequenceEqual(b.Services)
        && a.Keys.SequenceEqual(b.Keys) && Same(a.Metadata, b.Metadata);

    private static bool Same<T>(IReadOnlyDictionary<string, T> a, IReadOnlyDictionary<string, T> b) =>
        a.Count == b.Count && a.All(pair => b.TryGetValue(pair.Key, out var other) && EqualityComparer<T>.Default.Equals(pair.Value, other));

    private static bool Both<T>(T? a, T? b, Func<T, T, bool> same)
        where T : class =>
        a is null || b is null ? a == b : same(a, b);
}
