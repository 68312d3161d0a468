using GraphQLParser.AST;
using Platform.Errors;
using Platform.GraphQL.Limits.Cost;
using Platform.GraphQL.Transport;

namespace Platform.GraphQL.Limits;

/// <summary>What a document has spent so far, and the first limit that it went over.</summary>
internal sealed class SelectionBudget(GraphQLOptions limits, RequestRoom most, OperationType operation)
{
    // Validation names each pair of selections that differ. A few are told as it tells them; many are refused as a whole.
    private const int MaxDifferences = 10;

    private int _selections;
    private int _aliases;
    private int _differences;
    private int _rootFields;

    /// <summary>Why the document is refused, once it is; counting stops then.</summary>
    public Refusal? Refusal { get; private set; }

    /// <summary>The fields at the root of the operation.</summary>
    public int RootFields => _rootFields;

    /// <summary>Counts a field, spread or inline fragment.</summary>
    public bool TakeSelection() =>
        ++_selections <= limits.MaxSelections || Refuse($"A document has at most {limits.MaxSelections} selections, fragments expanded.");

    /// <summary>Counts one more selection of the same field of the response.</summary>
    public bool TakeRepeat(int count) =>
        count <= limits.MaxRepeats || Refuse($"A document selects one field of the response at most {limits.MaxRepeats} times.");

    /// <summary>Counts a selection that asks for something else under the name of another one.</summary>
    public bool TakeDifference()
    {
        if (++_differences <= MaxDifferences)
        {
            return true;
        }

        Refusal ??= Refusal.Document(ErrorCode.ValidationError, "Fields of one name differ in what they ask for: give them aliases.");
        return false;
    }

    /// <summary>Counts an alias.</summary>
    public bool TakeAlias() => ++_aliases <= limits.MaxAliases || Refuse($"A document has at most {limits.MaxAliases} aliases.");

    /// <summary>Counts what the operation costs.</summary>
    public bool TakeCost(OperationCost cost) => cost.Field + cost.Type <= most.Cost
        || Refuse($"The operation costs more than {most.Cost}, the most that {most.Whose} may cost: ask for smaller pages or fewer levels.");

    /// <summary>Counts a field at the root of the operation.</summary>
    public bool TakeRootField() => ++_rootFields <= MaxRootFields || Refuse($"An operation of this kind has at most {MaxRootFields} fields at its root.");

    /// <summary>Refuses a list whose size is left open.</summary>
    public bool RefuseSize(string message)
    {
        Refusal ??= Refusal.Document(ErrorCode.ValidationError, message);
        return false;
    }

    /// <summary>Checks how deep a field stands; the root's fields stand at 1.</summary>
    public bool EnterDepth(int depth) => depth <= limits.MaxDepth || RefuseDepth($"Fields nest at most {limits.MaxDepth} deep.");

    /// <summary>Refuses because of depth.</summary>
    public bool RefuseDepth(string message)
    {
        Refusal ??= Refusal.Document(ErrorCode.QueryDepthExceeded, message);
        return false;
    }

    private int MaxRootFields => operation == OperationType.Mutation ? most.Mutations : limits.MaxRootFields;

    private bool Refuse(string message)
    {
        Refusal ??= Refusal.Document(ErrorCode.ComplexityLimitExceeded, message);
        return false;
    }
}
