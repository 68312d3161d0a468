using System.Globalization;
using Platform.Conditional;
using Platform.ServiceDefaults.Conditional;

namespace Platform.Api.Http;

internal static class ConditionalContext
{
    /// <summary>The version that the request means to change, of a resource that is shown as <typeparamref name="T"/>; null when it names none.</summary>
    public static WriteCondition? Condition<T>(this HttpContext http) => http.Request.WriteCondition(ContractStamp<T>.Value);

    /// <summary>The id in the address; routing has checked that it is one.</summary>
    public static Guid RouteId(this HttpContext http) => Guid.Parse((string)http.Request.RouteValues["id"]!, CultureInfo.InvariantCulture);
}
