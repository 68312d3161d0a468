using GraphQL;
using GraphQL.Types;
using Platform.GraphQL.Authorization;
using Platform.GraphQL.Commands;
using Platform.GraphQL.Limits.Cost;
using Platform.GraphQL.Schema.Compatibility;
using Platform.GraphQL.Tests.Hosting;

namespace Platform.GraphQL.Tests.Schema;

[Collection(SharedPlatform.Name)]
public sealed class SchemaTests(PlatformHost host)
{
    /// <summary>Set it to 1 to write the file instead of comparing it; to <c>breaking</c> where clients may break.</summary>
    private const string Update = "UPDATE_SCHEMA";

    [Fact]
    public async Task The_schema_file_is_what_the_service_serves_and_nothing_breaks_unseen()
    {
        var file = Path.Combine(Repository.Root, "Platform.GraphQL", "schema.graphql");
        var kept = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        var served = SchemaCommand.Print(host.Schema);
        var broken = SchemaComparison.Compare(kept, served).Where(change => change.Severity is ChangeSeverity.Breaking).ToArray();
        var update = Environment.GetEnvironmentVariable(Update);
        if (update == "breaking" || (update == "1" && broken.Length == 0))
        {
            await File.WriteAllTextAsync(file, served, TestContext.Current.CancellationToken);
            kept = served;
        }

        Assert.True(
            kept == served,
            broken.Length > 0
                ? $"The schema breaks clients:\n{string.Join('\n', broken.AsEnumerable())}\nIf that is meant, run this test with {Update}=breaking and commit schema.graphql."
                : $"The schema changed. If that is meant, run this test with {Update}=1 and commit schema.graphql.");
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

    [Fact]
    public void Every_description_is_there_where_a_name_alone_does_not_say_it()
    {
        var mutations = host.Schema.Mutation!.Fields;
        Assert.All(mutations, field => Assert.False(string.IsNullOrEmpty(field.Description), field.Name));
        Assert.All(mutations, field => Assert.Equal("input", Assert.Single(field.Arguments!).Name));
        Assert.All(mutations, field => Assert.NotNull(((IObjectGraphType)field.ResolvedType!.GetNamedType()).GetField("userErrors")));
    }
}
