using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeGw.Identity.Tokens;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeGw.Tests.Identity.Tokens;

public sealed class ClaimPathTests
{
    [Theory]
    [InlineData("a", "x")]
    [InlineData("realm_access.roles", "r1,r2")]
    [InlineData("https://example.com/roles", "w")]
    [InlineData("kubernetes.io.namespace", "prod")]
    [InlineData("a.b", "whole")]
    [InlineData("list.name", "n1,n2")]
    [InlineData("nested", "1,2,true,3.50")]
    [InlineData("realm_access", "")]
    [InlineData("null", "")]
    [InlineData("a.x", "")]
    [InlineData("missing", "")]
    [InlineData("realm_access.", "")]
    [InlineData(".a", "")]
    public void Path_finds_nested_and_dotted_names_and_flattens_arrays(string path, string values)
    {
        using var json = JsonDocument.Parse("""
            {"a":"x","a.b":"whole","realm_access":{"roles":["r1","r2"]},"https://example.com/roles":["w"],"kubernetes.io":{"namespace":"prod"},
             "list":[{"name":"n1"},{"name":"n2"},"no"],"nested":[[1,[2]],true,3.50,null,{}],"null":null}
            """);
        Assert.Equal(values, string.Join(',', Read(json.RootElement, path)));
    }

    /// <summary>The oracle knows every leaf with all ways to write its path, and takes that with the longest names.</summary>
    [Fact]
    public void Path_agrees_with_a_list_of_all_leaves() => Prop.ForAll(Trees().ToArbitrary(), tree =>
    {
        using var json = JsonDocument.Parse(tree.ToJsonString());
        foreach (var path in Paths(tree))
        {
            Assert.Equal(Oracle(tree, path.Split('.')), Read(json.RootElement, path));
        }
    }).QuickCheckThrowOnFailure();

    private static List<string> Read(JsonElement json, string path)
    {
        var values = new List<string>();
        ClaimPath.AddTo(values, json, path);
        return values;
    }

    private static Gen<JsonNode> Trees()
    {
        var names = Gen.Elements("a", "b", "a.b", "b.c", "c");
        Gen<JsonNode> Node(int depth) => depth == 0
            ? Gen.Choose(0, 9).Select(n => (JsonNode)JsonValue.Create($"v{n}"))
            : Gen.OneOf(
                Node(0),
                Node(depth - 1).ArrayOf(2).Select(items => (JsonNode)new JsonArray([.. items.Select(item => item.DeepClone())])),
                names.Zip(Node(depth - 1)).ArrayOf(3).Select(members => (JsonNode)new JsonObject(
                    members.DistinctBy(member => member.Item1).Select(member => KeyValuePair.Create(member.Item1, (JsonNode?)member.Item2.DeepClone())))));
        return names.Zip(Node(3)).ArrayOf(3).Select(members => (JsonNode)new JsonObject(
            members.DistinctBy(member => member.Item1).Select(member => KeyValuePair.Create(member.Item1, (JsonNode?)member.Item2.DeepClone()))));
    }

    private static IEnumerable<string> Paths(JsonNode node) => node switch
    {
        JsonObject json => json.SelectMany(member => Paths(member.Value!).Select(rest => rest.Length == 0 ? member.Key : $"{member.Key}.{rest}").Prepend(member.Key)),
        JsonArray items => items.SelectMany(item => Paths(item!)),
        _ => [""],
    };

    private static List<string> Oracle(JsonNode? node, string[] path)
    {
        if (node is JsonArray items)
        {
            return [.. items.SelectMany(item => Oracle(item, path))];
        }
        if (path.Length == 0)
        {
            return node is JsonValue value ? [value.GetValue<string>()] : [];
        }
        var longest = Enumerable.Range(1, path.Length).Reverse().Cast<int?>().FirstOrDefault(n => node is JsonObject json && json.ContainsKey(string.Join('.', path[..n!.Value])));
        return longest is { } length ? Oracle(node![string.Join('.', path[..length])], path[length..]) : [];
    }
}
