using System.Text.Json.Serialization;
using Platform.Identifiers;

namespace Platform.Domain.Orders;

/// <summary>Identifies a order.</summary>
/// <param name="Value">The UUID inside, of version 7.</param>
[JsonConverter(typeof(TypedIdJsonConverter<OrderId>))]
public readonly record struct OrderId(Guid Value) : ITypedId<OrderId>
{
    /// <inheritdoc/>
    public static OrderId From(Guid value) => new(value);

    /// <summary>Makes a new id, which sorts after those made before.</summary>
    public static OrderId New(TimeProvider time) => new(Uuid7.Next(time));

    /// <inheritdoc/>
    public static OrderId Parse(string s, IFormatProvider? provider) => new(Guid.ParseExact(s, "D"));

    /// <inheritdoc/>
    public static bool TryParse(string? s, IFormatProvider? provider, out OrderId result)
    {
        var parsed = Guid.TryParseExact(s, "D", out var value);
        result = new(value);
        return parsed;
    }

    /// <summary>Compares as the database does.</summary>
    public static bool operator <(OrderId left, OrderId right) => left.Value < right.Value;

    /// <inheritdoc cref="op_LessThan"/>
    public static bool operator >(OrderId left, OrderId right) => left.Value > right.Value;

    /// <inheritdoc/>
    public override string ToString() => Value.ToString("D");
}
