using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Platform.Redaction.Subjects;

namespace Platform.Api.Subjects;

/// <summary>Why a person is erased; it is recorded with the caller.</summary>
/// <param name="Reason">Required, at most 500 characters.</param>
internal sealed record SubjectErasureRequest([property: MaxLength(500)] string? Reason);

/// <summary>All that is held of a person.</summary>
/// <param name="Id">Who.</param>
/// <param name="ExportedAt">When, UTC.</param>
/// <param name="Data">By the name of the place: <c>customer</c> with the orders, <c>events</c>, <c>dead_letters</c>, <c>answers</c>, <c>audit</c>.</param>
internal sealed record SubjectExportResponse(Guid Id, DateTimeOffset ExportedAt, IReadOnlyDictionary<string, JsonElement> Data)
{
    public static SubjectExportResponse From(SubjectExport export) => new(
        export.Id, export.ExportedAt, export.Data.ToDictionary(place => place.Key, place => JsonSerializer.SerializeToElement(place.Value), StringComparer.Ordinal));

    public override string ToString() => $"{nameof(SubjectExportResponse)} {Id}";
}

/// <summary>What was erased.</summary>
/// <param name="Id">Whose data.</param>
/// <param name="ErasedAt">When, UTC.</param>
/// <param name="Changed">How many records were changed, by the name of the place; all 0 when it was done before.</param>
internal sealed record SubjectErasureResponse(Guid Id, DateTimeOffset ErasedAt, IReadOnlyDictionary<string, int> Changed)
{
    public static SubjectErasureResponse From(SubjectErasure erasure) => new(erasure.Id, erasure.ErasedAt, erasure.Changed);
}
