using System.Text.Json.Serialization;
using Platform.Identifiers;

namespace Platform.Domain.Customers;

/// <summary>Identifies a customer.</summary>
/// <param name="Value">The UUID inside, of version 7.</param>
[JsonConverter(typeof(TypedIdJsonConverter<CustomerId>))]
public readonly record struct CustomerId(Guid Value) : ITypedId<CustomerId>
{
    /// <inheritdoc/>
    public static CustomerId From(Guid value) => new(value);

    /// <summary>Makes a new id, which sorts after those made before.</summary>
    public static CustomerId New(TimeProvider time) => new(Uuid7.Next(time));

    /// <inheritdoc/>
    public static CustomerId Parse(string s, IFormatProvider? provider) => new(Guid.ParseExact(s, "D"));

    /// <inheritdoc/>
    public static bool TryParse(string? s, IFormatProvider? provider, out CustomerId result)
    {
        var parsed = Guid.TryParseExact(s, "D", out var value);
        result = new(value);
        return parsed;
    }

    /// <summary>Compares as the database does.</summary>
    public static bool operator <(CustomerId left, CustomerId right) => left.Value < right.Value;

    /// <inheritdoc cref="op_LessThan"/>
    public static bool operator >(CustomerId left, CustomerId right) => left.Value > right.Value;

    /// <inheritdoc/>
    public override string ToString() => Value.ToString("D");
}
