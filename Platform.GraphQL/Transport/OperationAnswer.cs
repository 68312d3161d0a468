using Platform.Errors;
using Platform.GraphQL.Errors;
using Platform.GraphQL.Limits.Cost;

namespace Platform.GraphQL.Transport;

/// <summary>What an operation is answered with, whatever carries it (GraphQL specification, section 7.1).</summary>
/// <param name="Errors">None when everything went well.</param>
/// <param name="HasData">Whether execution began, so that there is a <c>data</c> entry.</param>
/// <param name="Data">The root of what was resolved; null is written as null.</param>
internal sealed record OperationAnswer(IReadOnlyList<PublicError> Errors, bool HasData, object? Data)
{
    /// <summary>Why the request went no further, if a step refused it.</summary>
    public Refusal? Refusal { get; init; }

    /// <summary>The answers that follow, when the operation is a subscription that began; this one is none then.</summary>
    public IObservable<object?>? Stream { get; init; }

    /// <summary>What the operation costs; null where it did not run.</summary>
    public OperationCost? Cost { get; init; }

    /// <summary>The event that this answers, for clients that go on behind it later.</summary>
    public string? EventId { get; init; }

    /// <summary>An answer that is an error alone.</summary>
    public static OperationAnswer Error(ErrorCode code, string message) => new([new PublicError(code, message)], HasData: false, Data: null);
}
