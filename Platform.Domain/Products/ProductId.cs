using System.Text.Json.Serialization;
using Platform.Identifiers;

namespace Platform.Domain.Products;

/// <summary>Identifies a product.</summary>
/// <param name="Value">The UUID inside, of version 7.</param>
[JsonConverter(typeof(TypedIdJsonConverter<ProductId>))]
public readonly record struct ProductId(Guid Value) : ITypedId<ProductId>
{
    /// <inheritdoc/>
    public static ProductId From(Guid value) => new(value);

    /// <summary>Makes a new id, which sorts after those made before.</summary>
    public static ProductId New(TimeProvider time) => new(Uuid7.Next(time));

    /// <inheritdoc/>
    public static ProductId Parse(string s, IFormatProvider? provider) => new(Guid.ParseExact(s, "D"));

    /// <inheritdoc/>
    public static bool TryParse(string? s, IFormatProvider? provider, out ProductId result)
    {
        var parsed = Guid.TryParseExact(s, "D", out var value);
        result = new(value);
        return parsed;
    }

    /// <summary>Compares as the database does.</summary>
    public static bool operator <(ProductId left, ProductId right) => left.Value < right.Value;

    /// <inheritdoc cref="op_LessThan"/>
    public static bool operator >(ProductId left, ProductId right) => left.Value > right.Value;

    /// <inheritdoc/>
    public override string ToString() => Value.ToString("D");
}
