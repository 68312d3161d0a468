namespace Platform.Contracts.Model;

/// <summary>One operation of a document.</summary>
/// <param name="Id">Its <c>operationId</c>.</param>
/// <param name="Method">In capitals.</param>
/// <param name="Path">With its parameters in braces.</param>
/// <param name="Tags">What it belongs to.</param>
/// <param name="Summary">In a line.</param>
/// <param name="Description">At length.</param>
/// <param name="Parameters">Of the path, the query and the header fields.</param>
/// <param name="Body">What it takes; null when it takes none.</param>
/// <param name="Responses">By status.</param>
/// <param name="Security">Scheme and scope, one of which is enough.</param>
internal sealed record ContractOperation(
    string Id,
    string Method,
    string Path,
    IReadOnlyList<string> Tags,
    string? Summary,
    string? Description,
    IReadOnlyList<ContractParameter> Parameters,
    ContractBody? Body,
    IReadOnlyDictionary<string, ContractResponse> Responses,
    IReadOnlyList<string> Security)
{
    private readonly string[] _segments = Path.TrimEnd('/').Split('/');

    public int PathParameters => _segments.Count(IsParameter);

    public bool Fits(string[] segments)
    {
        if (segments.Length != _segments.Length)
        {
            return false;
        }

        for (var i = 0; i < segments.Length; i++)
        {
            if (!IsParameter(_segments[i]) && !_segments[i].Equals(segments[i], StringComparison.OrdinalIgnoreCase))
            {
                return false;
            }
        }

        return true;
    }

    public override string ToString() => $"{Method} {Path}";

    private static bool IsParameter(string segment) => segment.StartsWith('{');
}

internal sealed record ContractParameter(string Name, string In, bool Required, ContractSchema Schema, string? Description);

internal sealed record ContractBody(bool Required, IReadOnlyDictionary<string, ContractSchema> Content);

internal sealed record ContractResponse(
    string? Description, IReadOnlyDictionary<string, ContractHeader> Headers, IReadOnlyDictionary<string, ContractSchema> Content);

internal sealed record ContractHeader(bool Required, ContractSchema Schema);
