namespace Platform.Idempotency;

/// <summary>Remembers what requests with a key were answered, in the transaction that does what they ask for.</summary>
/// <remarks>
/// One attempt is one transaction of the scoped context: it is opened by <see cref="BeginAsync"/>, the endpoint saves within it, and
/// <see cref="IIdempotentAttempt.CompleteAsync"/> commits effect and answer together. So after a crash either both are there, and a repetition gets the
/// answer, or neither is, and it is done.
/// </remarks>
public interface IIdempotencyStore
{
    /// <summary>Begins an attempt.</summary>
    /// <param name="client">Whose key it is; keys of different clients never meet.</param>
    /// <param name="key">The key.</param>
    /// <param name="fingerprint">Of everything that makes the request what it is, 32 bytes.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The attempt, which the caller disposes of.</returns>
    Task<IIdempotentAttempt> BeginAsync(string client, string key, ReadOnlyMemory<byte> fingerprint, CancellationToken cancellationToken);
}

/// <summary>One attempt at a request with a key. Without <see cref="CompleteAsync"/>, disposing of it undoes what was saved.</summary>
public interface IIdempotentAttempt : IAsyncDisposable
{
    /// <summary>What is known of the key.</summary>
    IdempotencyState State { get; }

    /// <summary>The first answer, where <see cref="State"/> is <see cref="IdempotencyState.Answered"/>.</summary>
    StoredAnswer? Answer { get; }

    /// <summary>Commits what was saved together with the answer.</summary>
    Task CompleteAsync(StoredAnswer answer, CancellationToken cancellationToken);
}

/// <summary>What is known of a key.</summary>
public enum IdempotencyState
{
    /// <summary>Nothing: this is the first request.</summary>
    New,

    /// <summary>Another request with it is being answered right now.</summary>
    InFlight,

    /// <summary>It was answered.</summary>
    Answered,

    /// <summary>It was used for another request.</summary>
    OtherRequest,
}

/// <summary>An answer that is kept.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Headers">The header fields that belong to it.</param>
/// <param name="Body">The body, uncompressed.</param>
public sealed record StoredAnswer(int Status, IReadOnlyDictionary<string, string> Headers, ReadOnlyMemory<byte> Body);
