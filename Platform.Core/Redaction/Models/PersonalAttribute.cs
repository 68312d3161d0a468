using Microsoft.Extensions.Compliance.Classification;

namespace Platform.Redaction;

/// <summary>
/// Declares that a member of a model holds personal data of a type, once for everything that shows it: <see cref="SafeViews.ToSafe{T}"/>, JSON for
/// callers without the permission (<see cref="PersonalJson"/>), and whatever asks <see cref="PersonalModel"/>. On a parameter of a record's primary constructor it counts for the property.
/// </summary>
/// <remarks>
/// For Microsoft.Extensions.Compliance it is a classification of the taxonomy <see cref="PersonalTaxonomy.Name"/>. A class of somebody else is declared with
/// <see cref="PersonalModel.Declare{T}"/>.
/// </remarks>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field | AttributeTargets.Parameter)]
public sealed class PersonalAttribute(PiiType type) : DataClassificationAttribute(PersonalTaxonomy.Of(type))
{
    /// <summary>What the member holds.</summary>
    public PiiType Type { get; } = type;
}
