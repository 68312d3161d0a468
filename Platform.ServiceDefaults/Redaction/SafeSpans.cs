using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using OpenTelemetry;
using Platform.Redaction;

namespace Platform.ServiceDefaults.Redaction;

/// <summary>Redacts spans when they end, before any exporter gets them: name, status, attributes, and the attributes of events and links.</summary>
internal sealed class SafeSpans(Redactors redactors) : BaseProcessor<Activity>
{
    // Names of spans are few, as the conventions have it; more than these are searched each time.
    private const int MaxNames = 2_048;
    private const int MaxNameChars = 200;

    private CleanNames _names = new(Redactor.Default);

    public override void OnEnd(Activity data)
    {
        var redactor = redactors.For(RedactionAudience.Telemetry);
        RedactName(data, redactor);

        if (data.StatusDescription is { } description && redactor.Redact(description) is var status && !ReferenceEquals(status, description))
        {
            data.SetStatus(data.Status, status);
        }

        RedactTags(data, redactor);
        RedactEvents(data, redactor);
        RedactLinks(data, redactor);
    }

    private void RedactName(Activity span, Redactor redactor)
    {
        var names = Volatile.Read(ref _names);
        if (!ReferenceEquals(names.Redactor, redactor))
        {
            names = new CleanNames(redactor);
            Volatile.Write(ref _names, names);
        }

        var name = span.DisplayName;
        if (names.Clean.ContainsKey(name))
        {
            return;
        }

        var redacted = redactor.Redact(name);
        if (!ReferenceEquals(redacted, name))
        {
            span.DisplayName = redacted;
        }
        else if (name.Length <= MaxNameChars && names.Clean.Count < MaxNames)
        {
            names.Clean.TryAdd(name, 0);
        }
    }

    private static void RedactTags(Activity span, Redactor redactor)
    {
        List<KeyValuePair<string, object?>>? changed = null;
        foreach (ref readonly var tag in span.EnumerateTagObjects())
        {
            if (SafeAttributes.TryRedact(tag, redactor, out var redacted))
            {
                (changed ??= []).Add(new(tag.Key, redacted));
            }
        }

        foreach (var (key, value) in changed ?? [])
        {
            span.SetTag(key, value);
        }
    }

    // Events and links are added to a span and never changed through its surface. The enumerator gives the place where each is kept.
    private static void RedactEvents(Activity span, Redactor redactor)
    {
        foreach (ref readonly var happened in span.EnumerateEvents())
        {
            var tags = new ActivityTagsCollection();
            var isChanged = false;
            foreach (ref readonly var tag in happened.EnumerateTagObjects())
            {
                var isRedacted = SafeAttributes.TryRedact(tag, redactor, out var redacted);
                isChanged |= isRedacted;
                tags[tag.Key] = isRedacted ? redacted : tag.Value;
            }

            var name = redactor.Redact(happened.Name);
            if (isChanged || !ReferenceEquals(name, happened.Name))
            {
                Unsafe.AsRef(in happened) = new ActivityEvent(name, happened.Timestamp, tags);
            }
        }
    }

    private static void RedactLinks(Activity span, Redactor redactor)
    {
        foreach (ref readonly var link in span.EnumerateLinks())
        {
            var tags = new ActivityTagsCollection();
            var isChanged = false;
            foreach (ref readonly var tag in link.EnumerateTagObjects())
            {
                var isRedacted = SafeAttributes.TryRedact(tag, redactor, out var redacted);
                isChanged |= isRedacted;
                tags[tag.Key] = isRedacted ? redacted : tag.Value;
            }

            if (isChanged)
            {
                Unsafe.AsRef(in link) = new ActivityLink(link.Context, tags);
            }
        }
    }

    // What a redactor found nothing in; another one (the policy was changed) searches anew.
    private sealed record CleanNames(Redactor Redactor)
    {
        public ConcurrentDictionary<string, byte> Clean { get; } = new(StringComparer.Ordinal);
    }
}
