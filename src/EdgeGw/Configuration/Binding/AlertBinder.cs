using EdgeGw.Configuration.Reading;

namespace EdgeGw.Configuration.Binding;

internal static class AlertBinder
{
    public static AlertConfig Bind(ConfigValue? value)
    {
        if (value is null || ObjectReader.Open(value, Shapes.Alerts) is not { } reader)
        {
            return new AlertConfig();
        }
        var webhooks = new List<WebhookConfig>();
        foreach (var item in reader.Optional("webhooks")?.Items() ?? [])
        {
            if (Webhook(item) is not { } webhook)
            {
                continue;
            }
            if (webhooks.Exists(other => other.Url.AbsoluteUri == webhook.Url.AbsoluteUri))
            {
                item.Fault("has the \"url\" of a webhook above; write the events of both into one");
            }
            webhooks.Add(webhook);
        }
        return new AlertConfig { Webhooks = webhooks };
    }

    private static WebhookConfig? Webhook(ConfigValue value)
    {
        if (ObjectReader.Open(value, Shapes.Webhook) is not { } reader)
        {
            return null;
        }
        var url = Url(reader.Required("url"));
        var secret = Secret(reader.Required("secret"));
        var events = Events(reader.Optional("events"));
        return url is null || secret is null ? null : new WebhookConfig { Url = url, Secret = secret, Events = events };
    }

    private static Uri? Url(ConfigValue? value)
    {
        if (value?.Text() is not { } text)
        {
            return null;
        }
        if (WebhookUrlRule.Check(text, out var uri) is { } fault)
        {
            value.Fault(fault);
            return null;
        }
        return uri;
    }

    private static string? Secret(ConfigValue? value)
    {
        if (value?.Text() is not { } text)
        {
            return null;
        }
        if (WebhookSecret.Check(text) is { } fault)
        {
            value.Fault(fault);
            return null;
        }
        return text;
    }

    private static List<AlertKind> Events(ConfigValue? value)
    {
        var events = new List<AlertKind>();
        foreach (var item in value?.Items() ?? [])
        {
            if (item.OneOf("event", [("budget", AlertKind.Budget), ("velocity", AlertKind.Velocity)]) is { } kind)
            {
                events.Add(kind);
            }
        }
        if (value is not null && value.Node.Items.Count == 0)
        {
            value.Fault("asks for no event: name some, or leave it out for all");
        }
        return events;
    }
}
