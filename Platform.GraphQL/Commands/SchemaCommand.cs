using GraphQL;
using GraphQL.Types;
using GraphQL.Utilities;
using GraphQLParser.Exceptions;
using Platform.GraphQL.Schema.Compatibility;
using Platform.ServiceDefaults.Commands;

namespace Platform.GraphQL.Commands;

/// <summary>Prints the schema, and tells what a release would break: for pipelines, before they deploy.</summary>
internal sealed class SchemaCommand : GraphQLCommand
{
    private const string Usage = """
        Usage:
          schema print
              the schema of this build in the schema definition language
          schema check <path> [--all]
              what clients of the schema in this file would lose with this build, one change a line; --all lists what may surprise them, too.
              Exit code 1 when something breaks
        """;

    public override string Name => "schema";

    public override string Summary => "print the GraphQL schema, and check what a release would break";

    protected override void Configure(IHostApplicationBuilder builder)
    {
        base.Configure(builder);
        builder.Configuration["Platform:Identity:Issuer"] ??= "https://nobody.invalid/";
    }

    protected override async Task<int> RunAsync(IServiceProvider services, string[] arguments, CancellationToken cancellationToken)
    {
        var read = CommandArguments.Parse(arguments, Usage, [], ["all"]);
        var schema = services.InitializeSchema();
        switch (read.Words)
        {
            case ["print"]:
                await Console.Out.WriteAsync(Print(schema));
                return 0;
            case ["check", var path]:
                return await CheckAsync(await File.ReadAllTextAsync(path, cancellationToken), Print(schema), read.Has("all"));
            default:
                throw read.Wrong("Say what to do.");
        }
    }

    /// <summary>The schema as it is kept in <c>schema.graphql</c>: sorted, so that one change is one change.</summary>
    public static string Print(ISchema schema) =>
        schema.Print(new PrintOptions { StringComparison = StringComparison.Ordinal }).ReplaceLineEndings("\n").TrimEnd() + "\n";

    private static async Task<int> CheckAsync(string before, string after, bool all)
    {
        IReadOnlyList<SchemaChange> changes;
        try
        {
            changes = SchemaComparison.Compare(before, after);
        }
        catch (GraphQLSyntaxErrorException e)
        {
            await Console.Error.WriteLineAsync($"The file is no schema: {e.Description}");
            return Failed;
        }

        foreach (var change in changes.Where(change => all || change.Severity is ChangeSeverity.Breaking))
        {
            await Console.Out.WriteLineAsync(change.ToString());
        }

        var breaking = changes.Count(change => change.Severity is ChangeSeverity.Breaking);
        await Console.Error.WriteLineAsync($"{breaking} breaking changes.");
        return breaking == 0 ? 0 : Failed;
    }
}
