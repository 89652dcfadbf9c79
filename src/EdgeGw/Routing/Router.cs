using System.Collections.Frozen;
using EdgeGw.Configuration;
using EdgeGw.Metering;

namespace EdgeGw.Routing;

/// <summary>From path and model to a target. An immutable snapshot of one configuration; all failures are values.</summary>
public sealed class Router
{
    private readonly FrozenDictionary<string, Provider> _providers;
    private readonly FrozenDictionary<string, Provider>.AlternateLookup<ReadOnlySpan<char>> _providersBySpan;
    private readonly FrozenDictionary<string, string> _aliases;
    private readonly RouteMemo _known = new();
    private readonly Provider?[] _soleNative = new Provider?[Enum.GetValues<Dialect>().Length];

    /// <exception cref="ArgumentException">A provider that the configuration's validation would have refused.</exception>
    /// <param name="time">For credentials that rotate; null: the system's.</param>
    /// <param name="previous">Its providers are taken over where they are configured as before; null: all are made anew.</param>
    public Router(GatewayConfig config, TimeProvider? time = null, Router? previous = null)
    {
        _providers = config.Providers.ToFrozenDictionary(
            static p => p.Key,
            p => previous?._providers.GetValueOrDefault(p.Key) is { } same && same.Config == p.Value ? same : new Provider(p.Key, p.Value, time),
            StringComparer.Ordinal);
        _providersBySpan = _providers.GetAlternateLookup<ReadOnlySpan<char>>();
        _aliases = config.Models.ToFrozenDictionary(StringComparer.Ordinal);
        foreach (var dialect in Enum.GetValues<Dialect>())
        {
            var native = _providers.Values.Where(p => p.IsNativeTo(dialect)).ToArray();
            _soleNative[(int)dialect] = native.Length == 1 ? native[0] : null;
        }
    }

    public IReadOnlyDictionary<string, Provider> Providers => _providers;

    /// <summary>Model names of our own, to <c>provider/model</c>.</summary>
    public IReadOnlyDictionary<string, string> Aliases => _aliases;

    /// <summary>Names that no provider may have, because paths of the unified surface begin with them.</summary>
    public static bool IsReservedName(string name) => UnifiedSurface.IsReserved(name);

    /// <summary>First step: what the request line alone says. Never throws on what a caller sends.</summary>
    /// <param name="rawTarget">As it stands on the request line; absolute form is accepted, its authority ignored.</param>
    public RouteResult Resolve(string method, string rawTarget)
    {
        if (!_known.TryFind(method, rawTarget, out var route))
        {
            route = Find(method, rawTarget);
            _known.Keep(method, rawTarget, route);
        }
        return route;
    }

    private RouteResult Find(string method, string rawTarget)
    {
        var path = RequestPath.Parse(rawTarget, out var fault);
        if (fault is not null)
        {
            return RouteResult.Failed(400, "invalid_path", fault);
        }
        var query = QueryCredentials.Strip(path.Query, out var credential);
        var slash = path.Path.IndexOf('/', 1);
        var name = slash < 0 ? path.Path.AsSpan(1) : path.Path.AsSpan(1, slash - 1);
        var route = _providersBySpan.TryGetValue(name, out var provider)
            ? Native(method, provider, slash < 0 ? "" : path.Path.AsSpan(slash), query)
            : Unified(method, path.Path, query) with { Query = query };
        // The name becomes a header, a metric's label and a line in logs, as one from a body does.
        return route.PathModel is { } model && model.AsSpan().ContainsAnyExceptInRange(' ', '~')
            ? RouteResult.Failed(400, "invalid_path", "the model in the path must be printable ASCII")
            : route with { QueryCredential = credential };
    }

    /// <summary>Second step: the target for a model.</summary>
    /// <param name="model">From the body, or <see cref="RouteResult.PathModel"/>; null or empty: the request names none.</param>
    /// <param name="error">Why there is no target; null: there is one.</param>
    public Target ResolveModel(in RouteResult route, string? model, out RouteError? error)
    {
        error = route.Error;
        if (error is not null)
        {
            return default;
        }
        if (route.Surface == Surface.Native)
        {
            return new(route.Provider!, route.PathModel ?? model ?? "", route.NativeTarget!, route.Dialect, ModelRewritten: false);
        }
        model = route.PathModel ?? model;
        if (string.IsNullOrEmpty(model))
        {
            error = new(400, "model_required", "the request names no model; set \"model\" to \"provider/model\" or an alias");
            return default;
        }
        var provider = FindProvider(model, route.Dialect, out var upstreamModel, out error);
        if (provider is null)
        {
            return default;
        }
        if (provider.TargetFor(route.Dialect) is not { } path)
        {
            error = NotSpoken(provider, model, route.Dialect);
            return default;
        }
        if (route.Dialect == Dialect.Gemini)
        {
            path = path.Replace("{model}", Uri.EscapeDataString(upstreamModel), StringComparison.Ordinal)
                .Replace("{method}", route.StreamedByPath ? "streamGenerateContent" : "generateContent", StringComparison.Ordinal);
        }
        // Gemini's body has no model field: its model is in the path, which is rewritten already.
        var rewritten = route.Dialect != Dialect.Gemini && !string.Equals(upstreamModel, model, StringComparison.Ordinal);
        return new(provider, upstreamModel, route.Query.Length == 0 ? path : path + route.Query, route.Dialect, rewritten);
    }

    private static RouteResult Native(string method, Provider provider, ReadOnlySpan<char> rest, string query)
    {
        var native = NativePath.Of(method, rest, provider.Kind.Name);
        var target = provider.Join(rest);
        return new()
        {
            Surface = Surface.Native,
            Dialect = native.Dialect,
            StoredDialect = native.Stored,
            Provider = provider,
            PathModel = native.Model,
            StreamedByPath = native.Streamed,
            NativeTarget = query.Length == 0 ? target : target + query,
            Query = query,
        };
    }

    private RouteResult Unified(string method, string path, string query)
    {
        var trimmed = path.AsSpan().TrimEnd('/');
        if (UnifiedSurface.IsModels(trimmed))
        {
            return method is "GET" or "HEAD" ? new() { Surface = Surface.Models } : MethodNotAllowed("GET");
        }
        if (UnifiedSurface.TrySplitGemini(trimmed, out var model, out var verb))
        {
            return method != "POST" ? MethodNotAllowed("POST")
                : new() { Surface = Surface.Unified, Dialect = Dialect.Gemini, PathModel = model, StreamedByPath = verb[0] == 's' };
        }
        if (UnifiedSurface.DialectOf(trimmed) is { } dialect)
        {
            return method == "POST" ? new() { Surface = Surface.Unified, Dialect = dialect } : MethodNotAllowed("POST");
        }
        return UnifiedSurface.StoredResponseOf(trimmed) is { Length: > 0 } stored ? Stored(method, stored, query) : NoSuchPath(path);
    }

    /// <summary>An answer made earlier is with the provider that made it, and an id does not say who that was.</summary>
    private RouteResult Stored(string method, ReadOnlySpan<char> rest, string query)
    {
        if (_soleNative[(int)Dialect.Responses] is not { } provider)
        {
            return RouteResult.Failed(400, "provider_required", $"which provider keeps this response? Read it under /{{provider}}/v1/responses/…; {Names(null)}");
        }
        var native = NativePath.Of(method, string.Concat("/responses", rest), provider.Kind.Name);
        return new()
        {
            Surface = Surface.Native,
            Dialect = native.Dialect,
            StoredDialect = native.Stored,
            Provider = provider,
            NativeTarget = string.Concat(provider.TargetFor(Dialect.Responses), rest, query),
        };
    }

    private Provider? FindProvider(string model, Dialect dialect, out string upstreamModel, out RouteError? error)
    {
        error = null;
        var full = _aliases.GetValueOrDefault(model, model);
        var slash = full.IndexOf('/');
        if (slash > 0 && _providersBySpan.TryGetValue(full.AsSpan(0, slash), out var provider))
        {
            upstreamModel = full[(slash + 1)..];
            error = upstreamModel.Length > 0 ? null : new(400, "model_required", $"\"{model}\" names a provider but no model");
            return error is null ? provider : null;
        }
        upstreamModel = full;
        if (slash < 0 && _soleNative[(int)dialect] is { } sole)
        {
            return sole;
        }
        error = slash > 0
            ? new(404, "unknown_provider", $"model \"{model}\": no provider is called \"{full[..slash]}\"; {Names(full[..slash])}")
            : new(400, "provider_required", $"model \"{model}\" does not say which provider serves it; write \"provider/{model}\", or define it under \"models\". {Names(null)}");
        return null;
    }

    private RouteResult NoSuchPath(string path)
    {
        var slash = path.IndexOf('/', 1);
        var name = slash < 0 ? path[1..] : path[1..slash];
        return name.Length == 0 || UnifiedSurface.IsReserved(name)
            ? RouteResult.Failed(404, "unknown_path", $"no such path; there are {UnifiedSurface.Paths}, and /{{provider}}/… for each provider. {Names(null)}")
            : RouteResult.Failed(404, "unknown_provider", $"no provider is called \"{name}\"; {Names(name)}");
    }

    private static RouteError NotSpoken(Provider provider, string model, Dialect dialect)
    {
        var own = provider.Kind.Endpoints[0];
        var path = own.Dialect == Dialect.Gemini ? "/v1beta/models/{model}:generateContent" : "/v1" + UnifiedSurface.PathOf(own.Dialect);
        return new(400, "dialect_not_supported",
            $"translation is not available: model \"{model}\" is served by provider \"{provider.Name}\", which speaks {provider.DialectNames} and not {dialect}; use {path} or /{provider.Name}/…");
    }

    private static RouteResult MethodNotAllowed(string allowed) => RouteResult.Failed(405, "method_not_allowed", $"this path takes {allowed} only");

    private string Names(string? asked)
    {
        if (_providers.Count == 0)
        {
            return "no provider is configured";
        }
        var names = _providers.Keys.Order(StringComparer.Ordinal).ToArray();
        var nearest = asked is null ? null : Nearest.To(asked, names);
        return $"configured: {string.Join(", ", names)}" + (nearest is null ? "" : $"; did you mean \"{nearest}\"?");
    }
}
