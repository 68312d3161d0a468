using GraphQL.Types;
using GraphQL.Validation;
using GraphQLParser;
using GraphQLParser.AST;
using Platform.EntityFrameworkCore.PersistedDocuments;

namespace Platform.GraphQL.PersistedDocuments;

/// <summary>Validates the documents of a manifest against the schema, so that a client learns at deployment what it would learn from its users.</summary>
internal sealed class ManifestCheck(ISchema schema, IDocumentValidator validator)
{
    private const int MaxErrorsOfDocument = 3;

    /// <returns>What is wrong, each with the identifier that it is about.</returns>
    public async Task<IReadOnlyList<string>> RunAsync(IEnumerable<ManifestDocument> documents, CancellationToken cancellationToken)
    {
        var errors = new List<string>();
        foreach (var document in documents)
        {
            var parsed = Parser.Parse(document.Text, new ParserOptions { Ignore = IgnoreOptions.Comments });
            foreach (var operation in parsed.Definitions.OfType<GraphQLOperationDefinition>())
            {
                // Values of variables come with requests, so what is missing of them here is no error of the document.
                var result = await validator.ValidateAsync(new ValidationOptions
                {
                    Schema = schema,
                    Document = parsed,
                    Operation = operation,
                    CancellationToken = cancellationToken,
                });
                errors.AddRange(result.Errors
                    .Where(error => error is not InvalidVariableError)
                    .Take(MaxErrorsOfDocument)
                    .Select(error => $"{document.Id}: {error.Message}"));
            }
        }

        return errors;
    }
}
