using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace EdgeGw.Policy.Import;

/// <summary>Writes what an import made as parts of a configuration.</summary>
internal static class SectionWriter
{
    /// <summary>An object with <c>policies</c> and, where there are any, <c>budgets</c>.</summary>
    public static string Write(ImportedSection section) => Text(json => Write(json, section));

    /// <summary>The same under <c>config</c>, and the differences from the source under <c>notes</c>.</summary>
    public static string WriteWithNotes(ImportedSection section) => Text(json =>
    {
        json.WriteStartObject();
        json.WritePropertyName("config");
        Write(json, section);
        json.WriteStartArray("notes");
        foreach (var note in section.Report.Notes)
        {
            json.WriteStartObject();
            json.WriteString("kind", Kind(note.Loss));
            if (note.Policy.Length > 0)
            {
                json.WriteString("policy", note.Policy);
            }
            json.WriteString("pointer", note.Pointer);
            json.WriteString("message", note.Message);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    });

    private static string Kind(ImportLoss loss) => loss switch
    {
        ImportLoss.Opens => "opens",
        ImportLoss.Unlimits => "unlimits",
        ImportLoss.LeftOut => "left_out",
        ImportLoss.Changed => "changed",
        _ => "needs",
    };

    private static string Text(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            write(json);
        }
        var text = new StringBuilder();
        foreach (var c in Encoding.UTF8.GetString(buffer.WrittenSpan))
        {
            // Names of the source end up in terminals, where these turn text around.
            if (char.GetUnicodeCategory(c) == UnicodeCategory.Format)
            {
                text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            }
            else
            {
                text.Append(c);
            }
        }
        return text.Append('\n').ToString();
    }

    private static void Write(Utf8JsonWriter json, ImportedSection section)
    {
        json.WriteStartObject();
        json.WriteStartArray("policies");
        foreach (var rule in section.Rules)
        {
            Write(json, rule);
        }
        json.WriteEndArray();
        if (section.Budgets.Count > 0)
        {
            json.WriteStartArray("budgets");
            foreach (var budget in section.Budgets)
            {
                Write(json, budget);
            }
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ImportedRule rule)
    {
        json.WriteStartObject();
        json.WriteString("name", rule.Name);
        var named = rule.Denies ? rule : rule with { Models = [], Providers = [] };
        if (rule.Term.Atoms.Count + named.Models.Count + named.Providers.Count + rule.ExceptModels.Count + rule.ExceptProviders.Count > 0)
        {
            json.WriteStartObject("match");
            WritePositive(json, rule.Term, named.Models, named.Providers);
            WriteExceptions(json, rule);
            json.WriteEndObject();
        }
        if (rule.Denies)
        {
            json.WriteBoolean("deny", true);
        }
        else
        {
            json.WriteStartObject("allow");
            WriteTexts(json, "models", rule.Models);
            WriteTexts(json, "providers", rule.Providers);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ImportedBudget budget)
    {
        json.WriteStartObject();
        json.WriteString("name", budget.Name);
        if (budget.Term.Atoms.Count + budget.Models.Count + budget.Providers.Count > 0)
        {
            json.WriteStartObject("match");
            WritePositive(json, budget.Term, budget.Models, budget.Providers);
            json.WriteEndObject();
        }
        if (budget.Per.Count > 0)
        {
            json.WriteStartArray("per");
            foreach (var dimension in budget.Per)
            {
                json.WriteStringValue(dimension);
            }
            json.WriteEndArray();
        }
        if (budget.GroupAmounts.Count == 0)
        {
            json.WriteNumber("amount_usd", budget.Amount);
        }
        else
        {
            json.WriteStartObject("amount_usd");
            json.WriteNumber("default", budget.Amount);
            json.WriteStartObject("groups");
            foreach (var (group, amount) in budget.GroupAmounts)
            {
                json.WriteNumber(group, amount);
            }
            json.WriteEndObject();
            json.WriteEndObject();
        }
        json.WriteString("window", budget.Window);
        json.WriteEndObject();
    }

    private static void WritePositive(Utf8JsonWriter json, MatchTerm term, IReadOnlyList<string> models, IReadOnlyList<string> providers)
    {
        var atoms = term.Atoms.Where(static atom => !atom.IsNegated).ToArray();
        foreach (var atom in atoms.Where(static atom => atom.Field.Name is null))
        {
            WriteTexts(json, atom.Field.Kind.ToString().ToLowerInvariant(), atom.Globs);
        }
        var labels = atoms.Where(static atom => atom.Field.Kind == CelFieldKind.Label).ToArray();
        if (labels.Length > 0)
        {
            json.WriteStartObject("metadata");
            foreach (var label in labels)
            {
                json.WriteString(label.Field.Name!, Escaped(label.Globs[0]));
            }
            json.WriteEndObject();
        }
        var claims = atoms.Where(static atom => atom.Field.Kind == CelFieldKind.Claim).ToArray();
        if (claims.Length > 0)
        {
            json.WriteStartObject("claims");
            foreach (var claim in claims)
            {
                WriteTexts(json, claim.Field.Name!, claim.Globs);
            }
            json.WriteEndObject();
        }
        WriteTexts(json, "model", models);
        WriteTexts(json, "provider", providers);
    }

    private static void WriteExceptions(Utf8JsonWriter json, ImportedRule rule)
    {
        var excluded = rule.Term.Atoms.Where(static atom => atom.IsNegated).SelectMany(static atom => atom.Field.Kind == CelFieldKind.Label
            ? atom.Globs.Select(glob => MatchTerm.Of(atom.Field, false, [glob])) : [MatchTerm.Of(atom.Field, false, atom.Globs)]).ToArray();
        if (excluded.Length + rule.ExceptModels.Count + rule.ExceptProviders.Count == 0)
        {
            return;
        }
        json.WriteStartArray("except");
        foreach (var term in excluded)
        {
            Exception(term, [], []);
        }
        if (rule.ExceptModels.Count > 0)
        {
            Exception(MatchTerm.Always, rule.ExceptModels, []);
        }
        if (rule.ExceptProviders.Count > 0)
        {
            Exception(MatchTerm.Always, [], rule.ExceptProviders);
        }
        json.WriteEndArray();

        void Exception(MatchTerm term, IReadOnlyList<string> models, IReadOnlyList<string> providers)
        {
            json.WriteStartObject();
            WritePositive(json, term, models, providers);
            json.WriteEndObject();
        }
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, IReadOnlyList<string> texts)
    {
        if (texts.Count == 0)
        {
            return;
        }
        json.WriteStartArray(name);
        foreach (var text in texts)
        {
            json.WriteStringValue(Escaped(text));
        }
        json.WriteEndArray();
    }

    /// <summary>A dollar sign begins a variable of the environment.</summary>
    private static string Escaped(string text) => text.Replace("$", "$$", StringComparison.Ordinal);
}
