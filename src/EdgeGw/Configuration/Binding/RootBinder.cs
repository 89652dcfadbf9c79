using EdgeGw.Configuration.Reading;

namespace EdgeGw.Configuration.Binding;

/// <summary>The root object, section by section. Never stops at a fault.</summary>
internal static class RootBinder
{
    /// <summary>What could be bound; only meaningful when the context has no faults.</summary>
    public static GatewayConfig? Bind(BindContext context, ConfigNode root)
    {
        var self = new ConfigValue(context, root, "");
        if (ObjectReader.Open(self, Shapes.Root) is not { } reader)
        {
            return null;
        }
        reader.Optional("$schema")?.Text();
        var dataDirectory = DataDirectory(context, self, reader.Optional("data_dir"));
        var durability = reader.Optional("durability")?.OneOf("durability",
            [("overlapped", Durability.Overlapped), ("strict", Durability.Strict), ("relaxed", Durability.Relaxed)]);
        var providers = ProviderBinder.Bind(reader.Optional("providers"));
        return new GatewayConfig
        {
            Listen = context.Overrides.ApplyTo(ListenBinder.Bind(reader.Optional("listen"))),
            Environment = EnvironmentName(reader.Optional("environment")),
            DataDirectory = dataDirectory ?? "",
            Durability = durability ?? Durability.Overlapped,
            Journal = BoundsBinder.Journal(reader.Optional("journal")),
            Audit = BoundsBinder.Audit(reader.Optional("audit")),
            Providers = providers,
            Models = ModelBinder.Bind(reader.Optional("models"), providers),
            Identity = IdentityBinder.Bind(reader.Optional("identity")),
            Budgets = BudgetBinder.Bind(reader.Optional("budgets")),
            Limits = LimitBinder.Bind(reader.Optional("limits")),
            Policies = PolicyBinder.Bind(reader.Optional("policies")),
            Velocity = VelocityBinder.Bind(reader.Optional("velocity")),
            Alerts = AlertBinder.Bind(reader.Optional("alerts")),
            Pricing = PricingBinder.Bind(reader.Optional("pricing"), providers),
            Abort = BoundsBinder.Abort(reader.Optional("abort")),
            Timeouts = BoundsBinder.Timeouts(reader.Optional("timeouts")),
            Requests = BoundsBinder.Requests(reader.Optional("requests")),
            Log = LogBinder.Bind(reader.Optional("log")),
        };
    }

    private static string? EnvironmentName(ConfigValue? value)
    {
        if (value?.Text() is not { } name)
        {
            return null;
        }
        if (!NameRules.IsLabel(name))
        {
            value.Fault($"{value.Shown} {NameRules.LabelExpected}");
        }
        return name;
    }

    private static string? DataDirectory(BindContext context, ConfigValue self, ConfigValue? value)
    {
        var configured = value?.NonEmptyText();
        if (context.Overrides.DataDirectory is { } overridden)
        {
            return overridden;
        }
        if (value is not null)
        {
            return configured is null ? null : context.ResolvePath(configured);
        }
        var state = StateFolder.Find(context.Environment);
        if (state is null)
        {
            self.Fault($"\"data_dir\" is missing, and {StateFolder.Unknown}");
        }
        return state;
    }
}
