using System.Globalization;
using GraphQL.Validation;
using Platform.EntityFrameworkCore.PersistedDocuments;
using Platform.GraphQL.PersistedDocuments;
using Platform.ServiceDefaults.Commands;

namespace Platform.GraphQL.Commands;

/// <summary>Loads the documents of clients at deployment, and shows operators what is there and what is missing.</summary>
internal sealed class DocumentsCommand : GraphQLCommand
{
    private const string Usage = """
        Usage:
          documents import <path> --format apollo|relay|urql|folder [--client <name>] [--replace] [--check]
              make the documents of a manifest trusted; --replace takes trust from what the client no longer has, --check saves nothing
          documents list [--client <name>] [--limit <n>]
          documents unknown [--limit <n>] [--text]
              operations that ran, or were refused, without being in a manifest
          documents remove <identifier>
        """;

    private const int DefaultLimit = 100;
    private const int MaxLimit = 100_000;
    private const int MaxErrors = 50;

    public override string Name => "documents";

    public override string Summary => "load, list and remove persisted GraphQL documents";

    protected override void Configure(IHostApplicationBuilder builder)
    {
        base.Configure(builder);

        // Nobody presents a token here.
        builder.Configuration["Platform:Identity:Issuer"] ??= "https://nobody.invalid/";
        builder.Services.AddSingleton<IDocumentValidator, DocumentValidator>();
        builder.Services.AddSingleton<ManifestCheck>();
        builder.Services.AddSingleton<ManifestLoader>();
    }

    protected override Task<int> RunAsync(IServiceProvider services, string[] arguments, CancellationToken cancellationToken)
    {
        var read = CommandArguments.Parse(arguments, Usage, ["format", "client", "limit"], ["replace", "check", "text"]);
        return read.Words switch
        {
            ["import", var path] => ImportAsync(services, path, read, cancellationToken),
            ["list"] => ListAsync(services, read, cancellationToken),
            ["unknown"] => UnknownAsync(services, read, cancellationToken),
            ["remove", var id] => RemoveAsync(services, id, cancellationToken),
            _ => throw read.Wrong("Say what to do."),
        };
    }

    private static async Task<int> ImportAsync(IServiceProvider services, string path, CommandArguments arguments, CancellationToken cancellationToken)
    {
        if (!Enum.TryParse<ManifestFormat>(arguments.Required("format"), ignoreCase: true, out var format) || !Enum.IsDefined(format))
        {
            throw arguments.Wrong("--format is one of apollo, relay, urql, folder.");
        }

        services.InitializeSchema();
        var result = await services.GetRequiredService<ManifestLoader>().RunAsync(
            path, format, arguments.Optional("client") ?? "default", arguments.Has("replace"), arguments.Has("check"), cancellationToken);
        if (result.Errors.Count > 0)
        {
            return await RefuseAsync(result.Errors);
        }

        await Console.Out.WriteLineAsync(result.Summary);
        return 0;
    }

    private static async Task<int> RefuseAsync(IReadOnlyList<string> errors)
    {
        foreach (var error in errors.Take(MaxErrors))
        {
            await Console.Error.WriteLineAsync(error);
        }

        await Console.Error.WriteLineAsync($"{errors.Count} errors. Nothing was saved.");
        return Failed;
    }

    private static async Task<int> ListAsync(IServiceProvider services, CommandArguments arguments, CancellationToken cancellationToken)
    {
        var store = services.GetRequiredService<PersistedDocumentStore>();
        foreach (var document in await store.ListAsync(arguments.Optional("client"), Limit(arguments), cancellationToken))
        {
            await Console.Out.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"{document.Id}  {(document.Trusted ? "trusted  " : "automatic")}  {document.Uses,8}  {document.OperationName ?? "-"}  {string.Join(',', document.Clients)}"));
        }

        return 0;
    }

    private static async Task<int> UnknownAsync(IServiceProvider services, CommandArguments arguments, CancellationToken cancellationToken)
    {
        var store = services.GetRequiredService<PersistedDocumentStore>();
        foreach (var operation in await store.ListUnknownAsync(Limit(arguments), cancellationToken))
        {
            await Console.Out.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"{operation.Id}  {operation.Count,8}  {operation.LastSeenAt:u}  {operation.OperationName ?? "-"}  {operation.Client ?? "-"}"));
            if (arguments.Has("text"))
            {
                await Console.Out.WriteLineAsync(operation.Text);
            }
        }

        return 0;
    }

    private static async Task<int> RemoveAsync(IServiceProvider services, string id, CancellationToken cancellationToken)
    {
        var known = DocumentIdentifier.TryFromDigest(id, out var digest) ? digest : id;
        if (await services.GetRequiredService<PersistedDocumentStore>().RemoveAsync(known, cancellationToken))
        {
            return 0;
        }

        await Console.Error.WriteLineAsync($"There is no document {id}.");
        return Failed;
    }

    private static int Limit(CommandArguments arguments) => arguments.Optional("limit") is not { } text ? DefaultLimit
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is > 0 and <= MaxLimit ? limit
        : throw arguments.Wrong($"--limit is a number from 1 to {MaxLimit}.");
}
