using GraphQL;
using GraphQL.Types;
using GraphQL.Utilities;
using Platform.GraphQL.Authorization;
using Platform.GraphQL.Limits.Cost;
using Platform.GraphQL.Tests.Hosting;
using Platform.Identity;

namespace Platform.GraphQL.Tests.Schema;

[Collection(SharedPlatform.Name)]
public sealed class SchemaTests(PlatformHost host)
{
    /// <summary>Set it to 1 to write the file instead of comparing it.</summary>
    private const string Update = "UPDATE_SCHEMA";

    [Fact]
    public async Task The_schema_file_is_what_the_service_serves()
    {
        var file = Path.Combine(RepositoryRoot(), "Platform.GraphQL", "schema.graphql");
        var printed = host.Schema.Print(new PrintOptions { StringComparison = StringComparison.Ordinal }).ReplaceLineEndings("\n").TrimEnd() + "\n";
        if (Environment.GetEnvironmentVariable(Update) == "1")
        {
            await File.WriteAllTextAsync(file, printed, TestContext.Current.CancellationToken);
        }

        var kept = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);

        Assert.True(kept == printed, $"The schema changed. If that is meant, run this test with {Update}=1 and commit schema.graphql.");
    }

    [Fact]
    public void Every_root_field_names_the_scope_that_it_asks_for()
    {
        var roots = new[] { host.Schema.Query, host.Schema.Mutation!, host.Schema.Subscription }.OfType<IObjectGraphType>();

        Assert.All(roots.SelectMany(root => root.Fields), field => Assert.Contains(Assert.Single(field.GetPolicies() ?? []), ApiScopes.All.Keys));
    }

    [Fact]
    public void Every_field_has_a_decision_about_who_may_read_it()
    {
        var types = host.Schema.AllTypes.OfType<IObjectGraphType>().Where(type => !type.Name.StartsWith("__", StringComparison.Ordinal)).ToArray();

        Assert.True(types.Length > 15);
        Assert.All(types, type => Assert.All(type.Fields, field => Assert.True(FieldGuards.IsDecided(field, type), $"{type.Name}.{field.Name}")));
    }

    [Fact]
    public void Every_list_of_pages_tells_its_size_to_the_limits()
    {
        var connections = host.Schema.AllTypes.OfType<IObjectGraphType>()
            .SelectMany(type => type.Fields)
            .Where(field => field.ResolvedType!.GetNamedType().Name.EndsWith("Connection", StringComparison.Ordinal))
            .ToArray();

        Assert.Equal(4, connections.Length);
        Assert.All(connections, field => Assert.Equal(["edges"], ListSizeDirective.Of(field)!.SizedFields));
    }

    [Fact]
    public void A_field_without_a_decision_stops_the_start()
    {
        var query = new ObjectGraphType { Name = "Query" };
        query.Field<StringGraphType>("forgotten");
        var schema = new global::GraphQL.Types.Schema { Query = query };
        schema.RegisterVisitor(new FieldGuards());

        var refusal = Assert.Throws<InvalidOperationException>(schema.Initialize);

        Assert.Contains("Query.forgotten", refusal.Message, StringComparison.Ordinal);
    }

    private static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Platform.sln")))
        {
            folder = folder.Parent;
        }

        return folder.FullName;
    }
}
