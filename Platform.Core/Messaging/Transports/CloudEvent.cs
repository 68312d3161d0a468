using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Platform.Messaging.Transports;

/// <summary>
/// An event as CloudEvents 1.0.2 attributes: what every broker carries in binary mode, each attribute by its own name beside the data. The data is the
/// body, JSON as UTF-8.
/// </summary>
/// <remarks>
/// Besides the attributes of the specification's section 2 there are the documented extensions <c>partitionkey</c> (what keeps its order),
/// <c>sequence</c> (the position in the log, which sorts as text), <c>traceparent</c> and <c>tracestate</c> (Distributed Tracing), and Platform's own
/// <c>aggregatetype</c>, <c>correlationid</c>, <c>baggage</c>, <c>actor</c> and <c>relayepoch</c> (<see cref="EventEnvelope.RelayEpoch"/>).
/// </remarks>
public static class CloudEvent
{
    /// <summary>The media type of the data.</summary>
    public const string DataContentType = "application/json";

    /// <summary>The type that content is given which is no event: no code declares it, so it is parked instead of dropped.</summary>
    public const string UnreadableType = "transport.unreadable.v1";

    private const string SpecVersion = "1.0";

    /// <summary>Lists the attributes of an event; those that have no value are left out (CloudEvents 1.0.2, section 3).</summary>
    /// <param name="envelope">The event.</param>
    /// <param name="source">The attribute <c>source</c>: a URI reference that tells who sends.</param>
    public static IEnumerable<KeyValuePair<string, string>> Attributes(EventEnvelope envelope, string source)
    {
        ArgumentNullException.ThrowIfNull(envelope);
        ArgumentException.ThrowIfNullOrEmpty(source);
        yield return new("specversion", SpecVersion);
        yield return new("id", envelope.Id.ToString());
        yield return new("source", source);
        yield return new("type", envelope.EventType);
        yield return new("subject", envelope.AggregateId);
        yield return new("time", envelope.OccurredAt.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture));
        yield return new("datacontenttype", DataContentType);
        yield return new("aggregatetype", envelope.AggregateType);
        yield return new("partitionkey", $"{envelope.AggregateType}/{envelope.AggregateId}");
        yield return new("sequence", envelope.Position.ToString("D19", CultureInfo.InvariantCulture));
        (string Name, string? Value)[] optional =
        [
            ("relayepoch", envelope.RelayEpoch == 0 ? null : envelope.RelayEpoch.ToString(CultureInfo.InvariantCulture)),
            ("traceparent", envelope.TraceParent),
            ("tracestate", envelope.TraceState),
            ("correlationid", envelope.CorrelationId),
            ("baggage", envelope.Baggage),
            ("actor", envelope.Actor),
        ];
        foreach (var (name, value) in optional)
        {
            if (!string.IsNullOrEmpty(value))
            {
                yield return new(name, value);
            }
        }
    }

    /// <summary>Reads an event from its attributes. Never fails: what is no event becomes one of <see cref="UnreadableType"/>, whose id is made of its content.</summary>
    /// <param name="attributes">By name.</param>
    /// <param name="data">The body; kept, not copied.</param>
    /// <param name="lane">The lane in which it came.</param>
    /// <param name="receivedAt">The time of events that carry none.</param>
    public static EventEnvelope Read(IReadOnlyDictionary<string, string> attributes, ReadOnlyMemory<byte> data, short lane, DateTimeOffset receivedAt)
    {
        ArgumentNullException.ThrowIfNull(attributes);
        return Fault(attributes, data) is { } fault
            ? Unreadable(attributes, data, lane, receivedAt, fault)
            : new EventEnvelope
            {
                Id = Guid.Parse(attributes["id"]),
                EventType = attributes["type"],
                AggregateType = attributes.GetValueOrDefault("aggregatetype") ?? "",
                AggregateId = attributes.GetValueOrDefault("subject") ?? attributes.GetValueOrDefault("partitionkey") ?? attributes["id"],
                Lane = lane,
                Position = Number(attributes.GetValueOrDefault("sequence")),
                RelayEpoch = Number(attributes.GetValueOrDefault("relayepoch")),
                Payload = data,
                OccurredAt = Time(attributes.GetValueOrDefault("time")) ?? receivedAt,
                CorrelationId = attributes.GetValueOrDefault("correlationid"),
                TraceParent = attributes.GetValueOrDefault("traceparent"),
                TraceState = attributes.GetValueOrDefault("tracestate"),
                Baggage = attributes.GetValueOrDefault("baggage"),
                Actor = attributes.GetValueOrDefault("actor"),
            };
    }

    private static string? Fault(IReadOnlyDictionary<string, string> attributes, ReadOnlyMemory<byte> data)
    {
        if (attributes.GetValueOrDefault("specversion") != SpecVersion)
        {
            return "It has no specversion 1.0.";
        }

        if (!Guid.TryParse(attributes.GetValueOrDefault("id"), out _))
        {
            return "Its id is no UUID.";
        }

        if (attributes.GetValueOrDefault("type") is not { Length: > 0 and <= EventsBuilder.MaxNameLength })
        {
            return "It has no type.";
        }

        return IsJson(data) ? null : "Its data is not JSON.";
    }

    private static bool IsJson(ReadOnlyMemory<byte> data)
    {
        try
        {
            var reader = new Utf8JsonReader(data.Span);
            while (reader.Read())
            {
                // To the end: a body that is cut off would otherwise fail wherever it is stored.
            }

            return reader.BytesConsumed > 0;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static EventEnvelope Unreadable(
        IReadOnlyDictionary<string, string> attributes, ReadOnlyMemory<byte> data, short lane, DateTimeOffset receivedAt, string fault)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, value) in attributes.OrderBy(attribute => attribute.Key, StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{name}\n{value}\n"));
        }

        hash.AppendData(data.Span);
        var id = new Guid(hash.GetHashAndReset().AsSpan(0, 16), bigEndian: true);
        var body = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteString("fault", fault);
            json.WriteStartObject("attributes");
            foreach (var (name, value) in attributes)
            {
                json.WriteString(name, value);
            }

            json.WriteEndObject();
            json.WriteBase64String("data", data.Span);
            json.WriteEndObject();
        }

        return new EventEnvelope
        {
            Id = id,
            EventType = UnreadableType,
            AggregateType = "transport",
            AggregateId = id.ToString(),
            Lane = lane,
            Payload = body.WrittenMemory,
            OccurredAt = receivedAt,
        };
    }

    private static long Number(string? value) => long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    private static DateTimeOffset? Time(string? value) =>
        DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
}
