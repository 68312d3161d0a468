using System.Text.Json;
using Platform.Errors;

namespace Platform.FeatureFlags;

/// <summary>
/// Reads and writes the files of other systems. What was imported and not changed is exported as it was, to the last property; only white
/// space and the order of properties are JSON's own.
/// </summary>
public static class FlagFormats
{
    /// <summary>Reads a file.</summary>
    /// <param name="format">Whose file it is.</param>
    /// <param name="json">UTF-8, at most <see cref="FlagLimits.DocumentBytes"/>.</param>
    public static FlagImport Import(FlagFormat format, ReadOnlyMemory<byte> json)
    {
        var errors = new FieldErrors();
        if (format == FlagFormat.Platform)
        {
            return FlagJson.Read<FlagDocument>(json.Span, errors) is { } read ? Checked(read) : FlagImport.Refused(errors);
        }

        var root = FlagJson.Parse(json, errors);
        if (root.ValueKind == JsonValueKind.Undefined)
        {
            return FlagImport.Refused(errors);
        }

        var document = format switch
        {
            FlagFormat.Microsoft => MicrosoftFormat.Import(root, errors),
            FlagFormat.Waffle => WaffleFormat.Import(root, errors),
            FlagFormat.Unleash => UnleashFormat.Import(root, errors),
            _ => throw new ArgumentOutOfRangeException(nameof(format)),
        };
        return document is null ? FlagImport.Refused(errors) : Checked(document);
    }

    /// <summary>Writes a file.</summary>
    /// <param name="format">Whose file it is to be. Other systems' files take the flags of their own origin only.</param>
    /// <param name="document">The flags.</param>
    public static FlagExport Export(FlagFormat format, FlagDocument document)
    {
        ArgumentNullException.ThrowIfNull(document);
        return format switch
        {
            FlagFormat.Platform => new FlagExport(FlagJson.Write(document), []),
            FlagFormat.Microsoft => Written(MicrosoftFormat.Export(document), document, FlagOrigin.Microsoft),
            FlagFormat.Waffle => Written(WaffleFormat.Export(document), document, FlagOrigin.Waffle),
            FlagFormat.Unleash => Written(UnleashFormat.Export(document), document, FlagOrigin.Unleash),
            _ => throw new ArgumentOutOfRangeException(nameof(format)),
        };
    }

    private static FlagImport Checked(FlagDocument document) => new(document, FlagDocumentRules.Check(document).All);

    private static FlagExport Written(System.Text.Json.Nodes.JsonNode json, FlagDocument document, FlagOrigin origin)
    {
        var leftOut = document.Flags.Where(flag => flag.Origin != origin).Select(flag => flag.Name);
        if (origin != FlagOrigin.Waffle)
        {
            leftOut = leftOut.Concat(document.Switches.Select(item => item.Name)).Concat(document.Samples.Select(item => item.Name));
        }

        return new FlagExport(JsonSerializer.SerializeToUtf8Bytes(json), [.. leftOut]);
    }
}
