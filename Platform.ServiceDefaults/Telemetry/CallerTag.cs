using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Platform.ServiceDefaults.Telemetry;

/// <summary>Tells the requests of one caller from those of others, without telling who it is.</summary>
internal static class CallerTag
{
    // OpenTelemetry semantic conventions, "enduser".
    public const string Name = "enduser.pseudo.id";

    private const int Bytes = 8;

    public static void Set(Activity activity, HttpResponse response)
    {
        if (activity.IsAllDataRequested && response.HttpContext.User.FindFirst("sub")?.Value is { Length: > 0 } subject)
        {
            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(Encoding.UTF8.GetBytes(subject), hash);
            activity.SetTag(Name, Convert.ToHexStringLower(hash[..Bytes]));
        }
    }
}
