namespace Platform.Identifiers;

/// <summary>
/// An id that cannot be taken for another kind of id: a <c>readonly record struct</c> around one UUID.
/// </summary>
/// <typeparam name="TSelf">The id itself.</typeparam>
public interface ITypedId<TSelf> : IEquatable<TSelf>, IParsable<TSelf>
    where TSelf : struct, ITypedId<TSelf>
{
    /// <summary>The UUID inside.</summary>
    Guid Value { get; }

    /// <summary>Wraps <paramref name="value"/> without a check.</summary>
    static abstract TSelf From(Guid value);

    /// <summary>Makes a new id of version 7, which sorts by time.</summary>
    static virtual TSelf New(TimeProvider time) => TSelf.From(Uuid7.Next(time));
}
