using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Platform.ServiceDefaults.Identity;

namespace Platform.ServiceDefaults.Telemetry;

/// <summary>Tells the requests of one caller from those of others, without telling who it is; and by which client they came.</summary>
internal static class CallerTag
{
    // OpenTelemetry semantic conventions, "enduser".
    public const string Name = "enduser.pseudo.id";
    public const string Client = "platform.client.id";

    private const int Bytes = 8;
    private const int MaxUtf8 = 256;

    public static void Set(Activity activity, HttpResponse response)
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
            activity.SetTag(Name, Hash(subject));
        }
    }

    private static string Hash(string subject)
    {
        Span<byte> text = stackalloc byte[MaxUtf8];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        if (Encoding.UTF8.TryGetBytes(subject, text, out var length))
        {
            SHA256.HashData(text[..length], hash);
        }
        else
        {
            SHA256.HashData(Encoding.UTF8.GetBytes(subject), hash);
        }

        return Convert.ToHexStringLower(hash[..Bytes]);
    }
}
