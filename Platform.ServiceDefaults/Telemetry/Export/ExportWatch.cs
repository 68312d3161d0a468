namespace Platform.ServiceDefaults.Telemetry.Export;

/// <summary>Counts what a collector does not take. The exporter gives such a batch up and says so to nobody.</summary>
internal sealed class ExportWatch(string signal, bool isGrpc) : DelegatingHandler(new SocketsHttpHandler { ActivityHeadersPropagator = null })
{
    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return Checked(request, base.Send(request, cancellationToken));
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException)
        {
            Count(request);
            throw;
        }
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return Checked(request, await base.SendAsync(request, cancellationToken));
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException)
        {
            Count(request);
            throw;
        }
    }

    private HttpResponseMessage Checked(HttpRequestMessage request, HttpResponseMessage response)
    {
        // gRPC refuses with 200 and a status of its own in the header, as there is no body (gRPC over HTTP2, "Trailers-Only").
        if (!response.IsSuccessStatusCode || (isGrpc && response.Headers.TryGetValues("grpc-status", out var status) && status.FirstOrDefault() is not "0"))
        {
            Count(request);
        }

        return response;
    }

    private void Count(HttpRequestMessage request)
    {
        ExportTelemetry.Fail(signal);
        if (request.Content is not { } content)
        {
            return;
        }

        try
        {
            using var body = new MemoryStream();
            content.CopyTo(body, null, CancellationToken.None);
            var zipped = content.Headers.ContentEncoding.Contains("gzip");
            ExportTelemetry.Drop(signal, ExportTelemetry.NotTaken, OtlpItems.Count(body.GetBuffer().AsSpan(0, (int)body.Length), isGrpc, zipped));
        }
        catch (Exception failure) when (failure is InvalidOperationException or IOException or InvalidDataException or ObjectDisposedException or HttpRequestException)
        {
            // The request as such is counted.
        }
    }
}
