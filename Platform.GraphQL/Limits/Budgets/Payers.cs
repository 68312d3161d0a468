using System.Net;
using System.Net.Sockets;
using System.Security.Claims;
using Microsoft.Extensions.Options;
using Platform.Identity;
using Platform.ServiceDefaults.Identity;

namespace Platform.GraphQL.Limits.Budgets;

/// <summary>Finds out who pays for a request.</summary>
internal sealed class Payers(Callers callers, IOptions<CostOptions> options)
{
    // A subscriber of IPv6 has at least a network of 64 bits to choose addresses from (RFC 6177).
    private const int NetworkBytes = 8;

    private readonly CostOptions _options = options.Value;

    /// <summary>The caller of a request.</summary>
    public Payer Of(ClaimsPrincipal user, IPAddress? address)
    {
        var caller = callers.Of(user);
        return caller switch
        {
            { Subject: null } => new("anonymous", "address:" + Network(address), _options.Anonymous),
            { IsStaff: true } => new("staff", "caller:" + caller.Subject, _options.Staff),
            _ when caller.May(ApiScopes.Operate) => new("staff", "caller:" + caller.Subject, _options.Staff),
            _ => new("client", "caller:" + caller.Subject, _options.Client),
        };
    }

    private static string Network(IPAddress? address)
    {
        if (address is null)
        {
            return "none";
        }

        return address is { AddressFamily: AddressFamily.InterNetworkV6, IsIPv4MappedToIPv6: false }
            ? Convert.ToHexStringLower(address.GetAddressBytes().AsSpan(0, NetworkBytes))
            : address.MapToIPv4().ToString();
    }
}
