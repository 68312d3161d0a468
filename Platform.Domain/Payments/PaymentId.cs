using System.Text.Json.Serialization;
using Platform.Identifiers;

namespace Platform.Domain.Payments;

/// <summary>Identifies a payment.</summary>
/// <param name="Value">The UUID inside, of version 7.</param>
[JsonConverter(typeof(TypedIdJsonConverter<PaymentId>))]
public readonly record struct PaymentId(Guid Value) : ITypedId<PaymentId>
{
    /// <inheritdoc/>
    public static PaymentId From(Guid value) => new(value);

    /// <summary>Makes a new id, which sorts after those made before.</summary>
    public static PaymentId New(TimeProvider time) => new(Uuid7.Next(time));

    /// <inheritdoc/>
    public static PaymentId Parse(string s, IFormatProvider? provider) => new(Guid.ParseExact(s, "D"));

    /// <inheritdoc/>
    public static bool TryParse(string? s, IFormatProvider? provider, out PaymentId result)
    {
        var parsed = Guid.TryParseExact(s, "D", out var value);
        result = new(value);
        return parsed;
    }

    /// <summary>Compares as the database does.</summary>
    public static bool operator <(PaymentId left, PaymentId right) => left.Value < right.Value;

    /// <inheritdoc cref="op_LessThan"/>
    public static bool operator >(PaymentId left, PaymentId right) => left.Value > right.Value;

    /// <inheritdoc/>
    public override string ToString() => Value.ToString("D");
}
