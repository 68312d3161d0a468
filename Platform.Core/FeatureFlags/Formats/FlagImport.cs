using Platform.Errors;

namespace Platform.FeatureFlags;

/// <summary>What was read from a file.</summary>
/// <param name="Document">The flags. Those that <paramref name="Problems"/> are about are in it as well, and off.</param>
/// <param name="Problems">What is wrong, by JSON pointer into <paramref name="Document"/>, or into the file where that cannot be read at all.</param>
public sealed record FlagImport(FlagDocument Document, IReadOnlyList<FieldError> Problems)
{
    internal static FlagImport Refused(FieldErrors errors) => new(FlagDocument.Empty, errors.All);
}
