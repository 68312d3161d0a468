using System.Diagnostics;
using System.Runtime.CompilerServices;
using OpenTelemetry;
using Platform.Redaction;

namespace Platform.ServiceDefaults.Redaction;

/// <summary>Redacts spans when they end, before any exporter gets them: name, status, attributes, and the attributes of events and links.</summary>
internal sealed class SafeSpans(Redactors redactors) : BaseProcessor<Activity>
{
    public override void OnEnd(Activity data)
    {
        var redactor = redactors.For(RedactionAudience.Telemetry);
        var name = redactor.Redact(data.DisplayName);
        if (!ReferenceEquals(name, data.DisplayName))
        {
            data.DisplayName = name;
        }

        if (data.StatusDescription is { } description && redactor.Redact(description) is var status && !ReferenceEquals(status, description))
        {
            data.SetStatus(data.Status, status);
        }

        RedactTags(data, redactor);
        RedactEvents(data, redactor);
        RedactLinks(data, redactor);
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
}
