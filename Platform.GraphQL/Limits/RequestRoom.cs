namespace Platform.GraphQL.Limits;

/// <summary>What is left to one request; the operations of a batch share it, so that a batch is no way to more than one request may have.</summary>
/// <param name="perRequest">The most that a request of the caller may cost.</param>
/// <param name="mutations">The most fields at the root of mutations.</param>
internal sealed class RequestRoom(long perRequest, int mutations)
{
    private bool _isShared;

    /// <summary>The most that the next operation may cost.</summary>
    public long Cost { get; private set; } = perRequest;

    /// <summary>The most fields at the root of a mutation.</summary>
    public int Mutations { get; private set; } = mutations;

    /// <summary>Whose limit it is, for people.</summary>
    public string Whose => _isShared ? "the rest of a batch of this caller" : "a request of this caller";

    /// <summary>Takes what an operation needs.</summary>
    public void Take(long cost, int mutations)
    {
        _isShared = true;
        Cost = Math.Max(0, Cost - cost);
        Mutations = Math.Max(0, Mutations - mutations);
    }
}
