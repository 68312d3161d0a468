using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using Platform.Errors;
using Platform.Idempotency;

namespace Platform.ServiceDefaults.Idempotency;

internal sealed class IdempotentRequests(RequestDelegate next)
{
    private const string Replayed = "Idempotency-Replayed";

    private static readonly TimeSpan InFlightRetry = TimeSpan.FromSeconds(1);

    // What belongs to the answer, and not to the exchange that it first went out with.
    private static readonly string[] Kept =
    [
        HeaderNames.ContentType, HeaderNames.Location, HeaderNames.ContentLocation, HeaderNames.ETag, HeaderNames.LastModified, HeaderNames.Link,
    ];

    public Task InvokeAsync(HttpContext context)
    {
        var values = context.Request.Headers[Http.HeaderNames.IdempotencyKey];
        if (values.Count == 0 || context.GetEndpoint()?.Metadata.GetMetadata<IdempotentMetadata>() is null)
        {
            return next(context);
        }

        var key = values.Count == 1 ? IdempotencyKey.Parse(values[0]) : null;
        return key is null
            ? throw new ErrorException(ErrorCode.InvalidInput, $"An Idempotency-Key has 1 to {IdempotencyKey.MaxLength} visible ASCII characters.")
            : AnswerOnceAsync(context, key);
    }

    private async Task AnswerOnceAsync(HttpContext context, string key)
    {
        var cancellationToken = context.RequestAborted;
        var fingerprint = await FingerprintAsync(context.Request, cancellationToken);
        var store = context.RequestServices.GetRequiredService<IIdempotencyStore>();
        await using var attempt = await store.BeginAsync(Client(context), key, fingerprint, cancellationToken);
        switch (attempt.State)
        {
            case IdempotencyState.InFlight:
                throw new ErrorException(ErrorCode.RequestInFlight, "A request with this Idempotency-Key is being answered.") { RetryAfter = InFlightRetry };
            case IdempotencyState.OtherRequest:
                throw new ErrorException(ErrorCode.IdempotencyKeyReused, "This Idempotency-Key was used for another request.");
            case IdempotencyState.Answered:
                await SendAsync(context, attempt.Answer!, replayed: true);
                return;
        }

        if (await RunAsync(context) is not { } answer)
        {
            return;
        }

        // From here on the request is answered, whoever is still there to read it.
        await attempt.CompleteAsync(answer, CancellationToken.None);
        await SendAsync(context, answer, replayed: false);
    }

    // Runs the endpoint with its body held back: nothing may be told before it is committed. Null when the answer is an error, which had no effect.
    private async Task<StoredAnswer?> RunAsync(HttpContext context)
    {
        var limit = context.RequestServices.GetRequiredService<IOptions<IdempotencyOptions>>().Value.MaxAnswerBytes;
        var body = await Http.HeldBody.OfAsync(context, () => next(context));
        var response = context.Response;
        if (response.StatusCode is < 200 or > 299)
        {
            await response.Body.WriteAsync(body, context.RequestAborted);
            return null;
        }

        if (body.Length > limit)
        {
            throw new ErrorException(ErrorCode.InternalError, "The answer is too large to be kept.");
        }

        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var name in Kept)
        {
            if (response.Headers.TryGetValue(name, out var value))
            {
                headers[name] = value.ToString();
            }
        }

        return new StoredAnswer(response.StatusCode, headers, body.ToArray());
    }

    private static async Task SendAsync(HttpContext context, StoredAnswer answer, bool replayed)
    {
        var response = context.Response;
        if (replayed)
        {
            response.StatusCode = answer.Status;
            response.Headers[Replayed] = "true";
            foreach (var (name, value) in answer.Headers)
            {
                response.Headers[name] = value;
            }
        }

        if (answer.Body.Length > 0)
        {
            response.ContentLength = answer.Body.Length;
            await response.Body.WriteAsync(answer.Body, context.RequestAborted);
        }
    }

    private static string Client(HttpContext context) => IdempotencyExtensions.Caller(context.User)
        ?? throw new ErrorException(ErrorCode.Unauthenticated, "An Idempotency-Key needs a caller that is known.");

    private static async Task<byte[]> FingerprintAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        // The limit on bodies bounds what is read here.
        request.EnableBuffering();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{request.Method} {request.PathBase}{request.Path}{request.QueryString}\n{request.Headers.IfMatch}\n"));
        var buffer = new byte[4_096];
        int read;
        while ((read = await request.Body.ReadAsync(buffer, cancellationToken)) > 0)
        {
            hash.AppendData(buffer.AsSpan(0, read));
        }

        request.Body.Position = 0;
        return hash.GetHashAndReset();
    }
}
