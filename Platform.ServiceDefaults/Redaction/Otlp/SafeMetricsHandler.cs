using Platform.Redaction;

namespace Platform.ServiceDefaults.Redaction;

/// <summary>Sends metrics without personal data in their attributes.</summary>
internal sealed class SafeMetricsHandler(Func<Redactor> redactor, bool isGrpc, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Redact(request);
        return base.Send(request, cancellationToken);
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Redact(request);
        return base.SendAsync(request, cancellationToken);
    }

    private void Redact(HttpRequestMessage request)
    {
        if (request.Content is not { } content)
        {
            return;
        }

        using var body = new MemoryStream();
        content.CopyTo(body, null, CancellationToken.None);
        if (SafeMetrics.Redact(body.GetBuffer().AsSpan(0, (int)body.Length), isGrpc, content.Headers.ContentEncoding.Contains("gzip"), redactor()) is { } safe)
        {
            request.Content = new ByteArrayContent(safe);
            foreach (var (name, values) in content.Headers.Where(header => header.Key != "Content-Length"))
            {
                request.Content.Headers.TryAddWithoutValidation(name, values);
            }
        }
    }
}
