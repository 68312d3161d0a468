using System.Collections.Frozen;
using Microsoft.Extensions.Compliance.Classification;
using Microsoft.Extensions.Compliance.Redaction;
using Platform.Redaction;

namespace Platform.ServiceDefaults.Redaction;

/// <summary>
/// Gives Microsoft.Extensions.Compliance the redaction of Platform: for the taxonomy <see cref="PersonalTaxonomy"/>, and for the classifications of
/// others that were mapped to a type. Every other classification goes to the provider that was there.
/// </summary>
internal sealed class ComplianceRedactors(IRedactorProvider others, Redactors redactors, IEnumerable<ClassificationMapping> mappings) : IRedactorProvider
{
    private readonly FrozenDictionary<DataClassificationSet, TypeRedactor> _types = PiiTypes.All
        .Select(type => new ClassificationMapping(PersonalTaxonomy.Of(type), type))
        .Concat(mappings)
        .DistinctBy(mapping => mapping.Classification)
        .ToFrozenDictionary(mapping => new DataClassificationSet(mapping.Classification), mapping => new TypeRedactor(mapping.Type, redactors));

    public Microsoft.Extensions.Compliance.Redaction.Redactor GetRedactor(DataClassificationSet classifications) =>
        _types.TryGetValue(classifications, out var own) ? own : others.GetRedactor(classifications);

    private sealed class TypeRedactor(PiiType type, Redactors redactors) : Microsoft.Extensions.Compliance.Redaction.Redactor
    {
        public override int GetRedactedLength(ReadOnlySpan<char> input) => Redacted(input).Length;

        public override int Redact(ReadOnlySpan<char> source, Span<char> destination)
        {
            var redacted = Redacted(source);
            redacted.CopyTo(destination);
            return redacted.Length;
        }

        private string Redacted(ReadOnlySpan<char> value) => redactors.For(RedactionAudience.Telemetry).RedactValue(type, value);
    }
}

/// <summary>A classification of a taxonomy of one's own, and the type that it is redacted as.</summary>
internal sealed record ClassificationMapping(DataClassification Classification, PiiType Type);
