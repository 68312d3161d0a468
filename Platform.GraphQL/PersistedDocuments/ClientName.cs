namespace Platform.GraphQL.PersistedDocuments;

/// <summary>The name that a client gives itself in <c>graphql-client-name</c>, or in <c>apollographql-client-name</c> as Apollo's do.</summary>
internal static class ClientName
{
    private const int MaxLength = 64;

    /// <summary>The name, when it is one of letters, digits and <c>- _ . /</c> of at most 64 characters; otherwise null.</summary>
    public static string? Of(HttpRequest request)
    {
        string? name = request.Headers["graphql-client-name"];
        name ??= request.Headers["apollographql-client-name"];
        return name is { Length: > 0 and <= MaxLength } && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '/') ? name : null;
    }
}
