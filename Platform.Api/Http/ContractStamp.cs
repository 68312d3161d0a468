using System.Globalization;
using System.IO.Hashing;
using System.Text;
using System.Text.Json.Serialization.Metadata;

namespace Platform.Api.Http;

/// <summary>
/// Six hexadecimal digits that stand for the form of a body: its members and their types, all the way down. A release that shows more or less of the
/// same row gives it other entity tags, and one that does not leaves every client's copy good.
/// </summary>
internal static class ContractStamp<T>
{
    public static string Value { get; } = ContractStamp.Of(typeof(T));
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
