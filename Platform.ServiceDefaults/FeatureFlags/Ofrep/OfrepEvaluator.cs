using System.Buffers;
using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using Platform.FeatureFlags;
using Platform.ServiceDefaults.FeatureFlags.Streams;

namespace Platform.ServiceDefaults.FeatureFlags.Ofrep;

/// <summary>Answers questions of OFREP from the present snapshot. Thread safe.</summary>
internal sealed class OfrepEvaluator(LiveFlags flags, StreamTokens tokens)
{
    private Prepared? _prepared;

    /// <summary>One flag.</summary>
    /// <returns>The status and the body.</returns>
    public (int Status, byte[] Body) Evaluate(string key, ReadOnlyMemory<byte> body)
    {
        var (context, error) = OfrepContext.Read(body);
        if (error is not null)
        {
            return (400, Json(json => OfrepFlag.WriteError(json, key, error)));
        }

        if (!Current().ByName.TryGetValue(key, out var flag))
        {
            return (404, Json(json => OfrepFlag.WriteError(json, key, new(OfrepErrorCode.FlagNotFound, "There is no such flag."))));
        }

        var decision = flags.Evaluate(key, context!);
        return flag.ErrorOf(decision, context!) is { } failure
            ? (400, Json(json => OfrepFlag.WriteError(json, key, failure)))
            : (200, Json(json => flag.Write(json, decision, alwaysValue: true)));
    }

    /// <summary>All flags.</summary>
    /// <param name="body">The request.</param>
    /// <param name="isKnown">Whether the client has the answer with this validator already.</param>
    /// <param name="streamPath">Where changes are streamed.</param>
    /// <returns>The status, the validator and the body.</returns>
    public (int Status, string? ETag, byte[]? Body) EvaluateAll(ReadOnlyMemory<byte> body, Func<string, bool> isKnown, string streamPath)
    {
        var prepared = Current();

        // The epoch renews the stream's token.
        OfrepError? error = null;
        var (etag, answers) = BulkAnswer.Give(
            prepared.Snapshot, body.Span, string.Create(CultureInfo.InvariantCulture, $".{tokens.Epoch:x}"), isKnown, () =>
            {
                (var context, error) = OfrepContext.Read(body);
                return error is null ? Json(json => Write(json, prepared, context!)) : null;
            });
        if (error is not null)
        {
            return (400, null, Json(json =>
            {
                json.WriteStartObject();
                json.WriteString("errorCode"u8, error.Code);
                json.WriteString("errorDetails"u8, error.Details);
                json.WriteEndObject();
            }));
        }

        if (answers is null)
        {
            return (304, etag, null);
        }

        return (200, etag, Json(json =>
        {
            json.WriteStartObject();
            json.WritePropertyName("flags"u8);
            json.WriteRawValue(answers, skipInputValidation: true);
            json.WriteStartArray("eventStreams"u8);
            json.WriteStartObject();
            json.WriteString("type"u8, "sse"u8);
            json.WriteStartObject("endpoint"u8);
            json.WriteString("requestUri"u8, $"{streamPath}?{StreamTokens.Parameter}={tokens.Current}");
            json.WriteEndObject();
            json.WriteNumber("inactivityDelaySec"u8, 120);
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteStartObject("metadata"u8);
            json.WriteNumber("version"u8, prepared.Snapshot.Version);
            json.WriteEndObject();
            json.WriteEndObject();
        }));
    }

    private static void Write(Utf8JsonWriter json, Prepared prepared, FlagContext context)
    {
        json.WriteStartArray();
        foreach (var flag in prepared.InOrder)
        {
            var decision = prepared.Snapshot.Evaluate(flag.Name, context);
            if (flag.ErrorOf(decision, context) is { } failure)
            {
                OfrepFlag.WriteError(json, flag.Name, failure);
            }
            else
            {
                flag.Write(json, decision, alwaysValue: false);
            }
        }

        json.WriteEndArray();
    }

    private static byte[] Json(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer))
        {
            write(json);
        }

        return buffer.WrittenSpan.ToArray();
    }

    private Prepared Current()
    {
        var snapshot = flags.Snapshot;
        var prepared = Volatile.Read(ref _prepared);
        if (prepared is null || !ReferenceEquals(prepared.Snapshot, snapshot))
        {
            prepared = new Prepared(snapshot);
            Volatile.Write(ref _prepared, prepared);
        }

        return prepared;
    }

    private sealed class Prepared
    {
        public Prepared(FlagSnapshot snapshot)
        {
            Snapshot = snapshot;
            InOrder = [.. snapshot.Document.Flags.DistinctBy(flag => flag.Name).Select(flag => new OfrepFlag(flag))];
            ByName = InOrder.ToFrozenDictionary(flag => flag.Name, StringComparer.Ordinal);
        }

        public FlagSnapshot Snapshot { get; }

        public OfrepFlag[] InOrder { get; }

        public FrozenDictionary<string, OfrepFlag> ByName { get; }
    }
}
