using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Platform.Identifiers;

namespace Platform.EntityFrameworkCore.Identifiers;

/// <summary>Keeps a typed id in a <c>uuid</c> column.</summary>
/// <typeparam name="TId">The typed id.</typeparam>
public sealed class TypedIdConverter<TId>() : ValueConverter<TId, Guid>(id => id.Value, value => Wrap(value))
    where TId : struct, ITypedId<TId>
{
    // An expression tree cannot name a static abstract member.
    private static TId Wrap(Guid value) => TId.From(value);
}
