using System.Buffers.Binary;
using System.Buffers.Text;
using System.IO.Hashing;
using Microsoft.AspNetCore.Http.HttpResults;
using Platform.Conditional;
using Platform.Domain.Paging;
using Platform.ServiceDefaults.Conditional;

namespace Platform.Api.Http;

/// <summary>Answers with a representation and the entity tag of exactly what it shows.</summary>
internal static class Shown
{
    /// <summary>The validators of one resource, shown as <typeparamref name="T"/>.</summary>
    public static Validators Validators<T>(HttpContext http, RowVersion version) => new(version.ToTag(ContractStamp<T>.For(http)), version.ChangedAt);

    /// <summary>The version of one resource for a caller who is shown all of it, and may name it whatever is shown (<see cref="WriteCondition"/>).</summary>
    public static string Version<T>(RowVersion version) => version.ToTag(ContractStamp<T>.Value);

    /// <summary>
    /// The validators of a page: a hash of which items are on it in which version. Two pages that look the same have the same, wherever they come from.
    /// </summary>
    public static Validators Validators<T>(HttpContext http, ListPage list, VersionPage page)
    {
        var hash = new XxHash128(list.KeyMark);
        Span<byte> item = stackalloc byte[28];
        foreach (var (id, version) in page.Items)
        {
            id.TryWriteBytes(item, bigEndian: true, out _);
            BinaryPrimitives.WriteUInt32BigEndian(item[16..], version.Number);
            BinaryPrimitives.WriteInt64BigEndian(item[20..], version.ChangedAt.UtcTicks / TimeSpan.TicksPerMicrosecond);
            hash.Append(item);
        }

        Span<byte> digest = stackalloc byte[16];
        hash.GetHashAndReset(digest);
        return new($"\"{Base64Url.EncodeToString(digest)}{(page.HasMore ? "+" : "")}-{ContractStamp<T>.For(http)}\"", null);
    }

    public static Ok<T> One<T>(HttpContext http, T body, RowVersion version)
    {
        http.ShowVersion(Validators<T>(http, version));
        return TypedResults.Ok(body);
    }

    /// <summary>What a write made of a resource. It is the same as a GET of its address would give, which <c>Content-Location</c> says (RFC 9110, section 8.7).</summary>
    public static Ok<T> Written<T>(HttpContext http, string location, T body, RowVersion version)
    {
        http.Response.Headers.ContentLocation = location;
        http.ShowVersion(Validators<T>(http, version));
        return TypedResults.Ok(body);
    }

    public static Created<T> Created<T>(HttpContext http, string location, T body, RowVersion version)
    {
        http.ShowVersion(Validators<T>(http, version));
        return TypedResults.Created(location, body);
    }

    public static Ok<PageResponse<TBody>> Page<TItem, TBody>(
        HttpContext http, ListPage list, Page<TItem> page, Func<TItem, TBody> body, Func<TItem, (Guid Id, RowVersion Version)> version)
    {
        http.ShowVersion(Validators<TBody>(http, list, new VersionPage([.. page.Items.Select(version)], page.Next is not null)));
        var next = list.Next(http, page.Next);
        return TypedResults.Ok(new PageResponse<TBody>([.. page.Items.Select(body)], next));
    }
}
