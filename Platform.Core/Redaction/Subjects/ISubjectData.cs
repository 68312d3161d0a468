using System.Text.Json.Nodes;

namespace Platform.Redaction.Subjects;

/// <summary>A place that holds data of persons. Every one that is registered takes part in each request; scoped, and in the request's transaction.</summary>
public interface ISubjectData
{
    /// <summary>The name of the place in exports and results: <c>orders</c>.</summary>
    string Name { get; }

    /// <summary>Gives all that is held of the person, for the person to read; null where nothing is.</summary>
    Task<JsonNode?> ExportAsync(DataSubject subject, CancellationToken cancellationToken = default);

    /// <summary>Takes out what names the person. Doing it again changes nothing.</summary>
    /// <returns>How many records were changed.</returns>
    Task<int> EraseAsync(DataSubject subject, CancellationToken cancellationToken = default);
}

/// <summary>Finds persons by id.</summary>
public interface ISubjectDirectory
{
    /// <summary>The kind of person, as in <see cref="DataSubject.Kind"/>.</summary>
    string Kind { get; }

    /// <summary>Finds a person; null when there is no record.</summary>
    /// <param name="id">The person.</param>
    /// <param name="hold">Locks the record until the transaction ends, so that nothing changes it meanwhile.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<DataSubject?> FindAsync(Guid id, bool hold, CancellationToken cancellationToken = default);
}

/// <summary>Answers the requests of persons, each in one transaction and recorded in the audit trail.</summary>
public interface ISubjectRequests
{
    /// <summary>Gives everything that is held of a person.</summary>
    /// <param name="id">The person.</param>
    /// <param name="actor">Who asks; the present caller by default.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="Errors.ErrorException">Nothing is held.</exception>
    Task<SubjectExport> ExportAsync(Guid id, string? actor = null, CancellationToken cancellationToken = default);

    /// <summary>Takes a person out of everything that is held; what has to be kept, such as orders, stays without a name. Doing it again changes nothing.</summary>
    /// <param name="id">The person, whose record may be gone already.</param>
    /// <param name="reason">Why; it is recorded.</param>
    /// <param name="actor">Who asks; the present caller by default.</param>
    /// <param name="cancellationToken">Gives up; then nothing is changed.</param>
    /// <exception cref="Errors.ErrorException">There is no record and nothing that names the person.</exception>
    Task<SubjectErasure> EraseAsync(Guid id, string reason, string? actor = null, CancellationToken cancellationToken = default);
}

/// <summary>All that is held of a person.</summary>
/// <param name="Id">Who.</param>
/// <param name="ExportedAt">When, UTC.</param>
/// <param name="Data">By the name of the place.</param>
public sealed record SubjectExport(Guid Id, DateTimeOffset ExportedAt, IReadOnlyDictionary<string, JsonNode> Data)
{
    /// <summary>The person's id; the data is for the person alone.</summary>
    public override string ToString() => $"{nameof(SubjectExport)} {Id}";
}

/// <summary>What was erased.</summary>
/// <param name="Id">Whose data.</param>
/// <param name="ErasedAt">When, UTC.</param>
/// <param name="Changed">How many records were changed, by the name of the place; all 0 when it was done before.</param>
public sealed record SubjectErasure(Guid Id, DateTimeOffset ErasedAt, IReadOnlyDictionary<string, int> Changed);
