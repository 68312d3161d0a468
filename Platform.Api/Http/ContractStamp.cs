using System.Globalization;
using System.IO.Hashing;
using System.Text;
using System.Text.Json.Serialization.Metadata;
using Platform.Conditional;
using Platform.Redaction;
using Platform.ServiceDefaults.Redaction;

namespace Platform.Api.Http;

/// <summary>
/// Six hexadecimal digits that stand for the form of a body: its members and their types, all the way down. A release that shows more or less of the
/// same row gives it other entity tags, and one that does not leaves every client's copy good.
/// </summary>
internal static class ContractStamp<T>
{
    public static string Value { get; } = ContractStamp.Of(typeof(T));

    private static readonly string Redacted = Value + RowVersion.RedactedMark;
    private static readonly bool HoldsPersonal = ContractStamp.HoldsPersonal(typeof(T));

    /// <summary>The stamp of the body as the caller is shown it.</summary>
    public static string For(HttpContext http) =>
        HoldsPersonal && http.RequestServices.GetRequiredService<PersonalReader>().Redactor is not null ? Redacted : Value;
}

internal static class ContractStamp
{
    public static string Of(Type type)
    {
        var form = new StringBuilder();
        Describe(type, form, depth: 0);
        var hash = XxHash32.HashToUInt32(Encoding.UTF8.GetBytes(form.ToString())) & 0xFF_FFFF;
        return hash.ToString("x6", CultureInfo.InvariantCulture);
    }

    public static bool HoldsPersonal(Type type) => HoldsPersonal(type, depth: 0);

    private static bool HoldsPersonal(Type type, int depth) =>
        PersonalModel.Of(type).Count > 0
        || (depth <= 8 && ApiJson.Default.GetTypeInfo(type) is { } info
            && (info.ElementType is { } element ? HoldsPersonal(element, depth + 1) : info.Properties.Any(property => HoldsPersonal(property.PropertyType, depth + 1))));

    private static void Describe(Type type, StringBuilder form, int depth)
    {
        var info = ApiJson.Default.GetTypeInfo(type);
        if (info is null or { Kind: JsonTypeInfoKind.None } || depth > 8)
        {
            form.Append(type.Name);
            return;
        }

        if (info.ElementType is { } element)
        {
            form.Append('[');
            Describe(element, form, depth + 1);
            form.Append(']');
            return;
        }

        form.Append('{');
        foreach (var property in info.Properties)
        {
            form.Append(property.Name).Append(':');
            Describe(property.PropertyType, form, depth + 1);
            form.Append(',');
        }

        form.Append('}');
    }
}
