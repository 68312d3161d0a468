using GraphQL;
using Platform.Errors;

namespace Platform.GraphQL.Errors;

/// <summary>An error of the executor that already knows its code of the catalogue.</summary>
internal sealed class RefusalError(ErrorCode code, string? message = null) : ExecutionError(message ?? code.Title)
{
    /// <summary>The entry of the catalogue.</summary>
    public ErrorCode Refusal { get; } = code;
}
