using System.Text;
using Platform.Messaging;
using Platform.Messaging.Transports;
using RabbitMQ.Client;

namespace Platform.RabbitMq.Messaging;

/// <summary>
/// CloudEvents in binary mode: attributes are headers with the prefix <c>cloudEvents_</c> (CloudEvents AMQP binding 1.0.2, section 3.1.3.1; RabbitMQ turns the headers of
/// AMQP 0-9-1 into the application properties of AMQP 1.0 and back).
/// </summary>
internal static class EventHeaders
{
    private const string Prefix = "cloudEvents_";

    // The other prefix that the binding allows.
    private const string OtherPrefix = "cloudEvents:";

    public static Dictionary<string, object?> Of(EventEnvelope envelope, string source)
    {
        var headers = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var (name, value) in CloudEvent.Attributes(envelope, source))
        {
            headers.Add(Prefix + name, value);
        }

        return headers;
    }

    public static Dictionary<string, string> Read(IReadOnlyBasicProperties properties)
    {
        var attributes = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in properties.Headers ?? new Dictionary<string, object?>())
        {
            if (name.StartsWith(Prefix, StringComparison.Ordinal) || name.StartsWith(OtherPrefix, StringComparison.Ordinal))
            {
                attributes[name[Prefix.Length..]] = value is byte[] text ? Encoding.UTF8.GetString(text) : $"{value}";
            }
        }

        return attributes;
    }
}
