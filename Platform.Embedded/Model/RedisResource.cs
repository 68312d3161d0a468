using System.Globalization;
using System.Net;

namespace Platform.Embedded;

/// <summary>A server for Redis clients.</summary>
public sealed class RedisResource(string name) : ContainerResource(name), IResourceWithConnectionString, IConnection
{
    /// <summary>The port, once the engine has chosen it.</summary>
    internal int? Port { get; set; }

    string IConnection.ConnectionString => Password is null ? EndPoint : $"{EndPoint},password={Password.Value}";

    IEnumerable<KeyValuePair<string, string>> IConnection.Properties
    {
        get
        {
            yield return new("Host", IPAddress.Loopback.ToString());
            yield return new("Port", RequirePort().ToString(CultureInfo.InvariantCulture));
            if (Password is not null)
            {
                yield return new("Password", Password.Value);
            }
            yield return new("Uri", Password is null ? $"redis://{EndPoint}" : $"redis://:{Uri.EscapeDataString(Password.Value)}@{EndPoint}");
        }
    }

    internal string EndPoint => string.Create(CultureInfo.InvariantCulture, $"{IPAddress.Loopback}:{RequirePort()}");

    private int RequirePort() => Port ?? throw new InvalidOperationException($"'{Name}' has no address before the topology starts.");
}
