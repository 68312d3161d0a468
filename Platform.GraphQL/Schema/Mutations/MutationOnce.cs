using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using GraphQL;
using Platform.Errors;
using Platform.Idempotency;

namespace Platform.GraphQL.Schema.Mutations;

/// <summary>
/// Runs a mutation once for each idempotency key: effect and answer are one transaction (<see cref="IIdempotencyStore"/>). A repetition gives what the
/// first one gave, as it is now, so that it may select other fields than the first did.
/// </summary>
internal sealed class MutationOnce(IResolveFieldContext context, IServiceProvider services)
{
    private const string KeyHeader = "Idempotency-Key";
    private const string ReplayedHeader = "Idempotency-Replayed";
    private const int MaxClientLength = 200;

    private static readonly TimeSpan InFlightRetry = TimeSpan.FromSeconds(1);
    private static readonly Dictionary<string, string> NoHeaders = [];

    private readonly HttpContext? _http = services.GetService<IHttpContextAccessor>()?.HttpContext;

    /// <summary>Runs it.</summary>
    /// <exception cref="ErrorException">
    /// The key is malformed, was used for another mutation, or belongs to one that is under way; what the mutation itself refuses.
    /// </exception>
    public async Task<TResult?> RunAsync<TCommand, TResult>(
        MutationInput<TCommand> input,
        Func<CancellationToken, Task<TResult>> run,
        Func<TResult, Guid> id,
        Func<Guid, CancellationToken, Task<TResult?>> find)
        where TResult : class
    {
        if (KeyOf(input.IdempotencyKey) is not { } key)
        {
            return await run(context.CancellationToken);
        }

        var store = services.GetRequiredService<IIdempotencyStore>();
        await using var attempt = await store.BeginAsync(Client(), key, Fingerprint(input.Command), context.CancellationToken);
        switch (attempt.State)
        {
            case IdempotencyState.InFlight:
                throw new ErrorException(ErrorCode.RequestInFlight, "A mutation with this idempotency key is being executed.") { RetryAfter = InFlightRetry };
            case IdempotencyState.OtherRequest:
                throw new ErrorException(ErrorCode.IdempotencyKeyReused, "This idempotency key was used for another mutation.");
            case IdempotencyState.Answered:
                if (_http is { Response.HasStarted: false })
                {
                    _http.Response.Headers[ReplayedHeader] = "true";
                }

                return await find(new Guid(attempt.Answer!.Body.Span), context.CancellationToken);
        }

        var result = await run(context.CancellationToken);

        // From here on it happened, whoever is still there to hear of it.
        await attempt.CompleteAsync(new StoredAnswer(StatusCodes.Status200OK, NoHeaders, id(result).ToByteArray()), CancellationToken.None);
        return result;
    }

    // One header may stand for several mutations of a request, each of which has its own place in the response.
    private string? KeyOf(string? ofInput)
    {
        if (ofInput is not null)
        {
            return IdempotencyKey.Parse(ofInput) ?? throw Malformed("/input/idempotencyKey");
        }

        // The header of a connection stands for none of its messages.
        var header = _http is { WebSockets.IsWebSocketRequest: false } ? _http.Request.Headers[KeyHeader] : default;
        if (header.Count == 0)
        {
            return null;
        }

        var key = header.Count == 1 ? IdempotencyKey.Parse(header[0]) : null;
        return key is null ? throw Malformed(null) : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{key} {string.Join('.', context.ResponsePath)}")));
    }

    private static ErrorException Malformed(string? pointer)
    {
        const string Message = "An idempotency key has 1 to 255 visible ASCII characters.";
        return pointer is null
            ? new ErrorException(ErrorCode.InvalidInput, Message)
            : ErrorException.Validation(new FieldError(pointer, "invalid", Message));
    }

    // Never that of a REST request: the same key there is another one.
    private string Client()
    {
        var client = $"graphql {Claim("client_id")} {Claim("sub")}".TrimEnd();
        return client.Length <= MaxClientLength ? client : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(client)));
    }

    private string? Claim(string type) => context.User?.FindFirstValue(type);

    private byte[] Fingerprint<TCommand>(TCommand command) => SHA256.HashData(
        [.. Encoding.UTF8.GetBytes(context.FieldDefinition.Name + "\n"), .. JsonSerializer.SerializeToUtf8Bytes(command)]);
}
