using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Platform.Redaction;
using Platform.ServiceDefaults.Identity;

namespace Platform.ServiceDefaults.Telemetry;

/// <summary>
/// Tells the requests of one caller from those of others, without telling who it is; and by which client they came. The hash has the key of
/// <see cref="RedactionOptions.HashKey"/>: without it nobody can try out whom it stands for.
/// </summary>
internal sealed class CallerTag(IRedactionKeys keys)
{
    // OpenTelemetry semantic conventions, "enduser".
    public const string Name = "enduser.pseudo.id";
    public const string Client = "platform.client.id";

    private const int Bytes = 8;
    private const int MaxUtf8 = 256;

    public void Set(Activity activity, HttpResponse response)
    {
        if (!activity.IsAllDataRequested || response.HttpContext.KnownUserOrNull() is not { Identity.IsAuthenticated: true } user)
        {
            return;
        }

        if (user.FindFirst("client_id")?.Value is { Length: > 0 } client)
        {
            activity.SetTag(Client, client);
        }

        if (user.FindFirst("sub")?.Value is { Length: > 0 } subject)
        {
            activity.SetTag(Name, Hash(subject, keys.Current.Span));
        }
    }

    private static string Hash(string subject, ReadOnlySpan<byte> key)
    {
        // Not what the key makes of the same text in a line of a log.
        var purpose = "caller "u8;
        Span<byte> onStack = stackalloc byte[MaxUtf8];
        var most = purpose.Length + Encoding.UTF8.GetMaxByteCount(subject.Length);
        var text = most <= MaxUtf8 ? onStack : new byte[most];
        purpose.CopyTo(text);
        var length = purpose.Length + Encoding.UTF8.GetBytes(subject, text[purpose.Length..]);
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, text[..length], hash);
        return Convert.ToHexStringLower(hash[..Bytes]);
    }
}
