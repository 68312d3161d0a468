using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Platform.Conditional;
using Platform.Errors;
using Platform.ServiceDefaults.Redaction;

namespace Platform.ServiceDefaults.Conditional;

/// <summary>
/// Answers "has it changed?" before an endpoint runs. It stands behind authorization: who may not read is not told of changes either.
/// </summary>
internal sealed class ConditionalRequests(RequestDelegate next, VersionMemory memory, IOptions<ConditionalOptions> options, IServiceProvider services)
{
    private const string RedactedKey = " " + RowVersion.RedactedMark;

    private readonly bool _requireForUpdates = options.Value.RequireForUpdates;

    // Null in a host that shows everybody the same.
    private readonly PersonalReader? _reader = services.GetService<PersonalReader>();

    public Task InvokeAsync(HttpContext context)
    {
        var endpoint = context.GetEndpoint();
        if (endpoint is null)
        {
            return next(context);
        }

        if (endpoint.Metadata.GetMetadata<VersionedMetadata>() is { } versioned)
        {
            return ReadAsync(context, versioned);
        }

        if (endpoint.Metadata.GetMetadata<RequiresVersionMetadata>() is { } required
            && (required.Always || _requireForUpdates)
            && !context.Request.Preconditions().GuardsWrite)
        {
            throw new ErrorException(ErrorCode.PreconditionRequired, "If-Match has to name the version that is meant: the ETag of the resource.");
        }

        // Nothing here has a version, so none is the one that is meant (section 13.1.1). Done in spite of that, it could undo what somebody else did.
        if (!HttpMethods.IsGet(context.Request.Method) && context.Request.Headers.IfMatch.Count > 0 && endpoint.Metadata.GetMetadata<IGuardedWriteMetadata>() is null)
        {
            throw new ErrorException(ErrorCode.PreconditionFailed, "What this changes has no version that If-Match could name. Nothing was done.");
        }

        // What is about a caller and has no tag is kept by nobody, unless the endpoint says otherwise (RFC 9111, section 5.2.2.5). Pages for everybody may be.
        if (!HttpMethods.IsGet(context.Request.Method) || endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null)
        {
            context.Response.Headers.CacheControl = "no-store";
        }

        return next(context);
    }

    private Task ReadAsync(HttpContext context, VersionedMetadata versioned)
    {
        var key = Key(context, versioned);
        var token = memory.Token(key);
        var conditions = context.Request.Preconditions();
        if (conditions.IsEmpty)
        {
            Telemetry.Requests.Add(1, Telemetry.Unconditional);
            return AnswerAsync(context, key, token);
        }

        // What only the tag decides can be told from memory, unless the client wants it from the source (RFC 9111, section 5.2.1.4).
        if (conditions is { IfNoneMatch: not null, IfMatch: null, IfUnmodifiedSince: null }
            && !AsksSource(context.Request)
            && memory.TryGet(key, out var remembered)
            && conditions.Evaluate(isRead: true, remembered, out var matched) is PreconditionResult.NotModified)
        {
            ConditionalResponse.NotModified(context, conditions, matched, remembered.ETag);
            Telemetry.Requests.Add(1, Telemetry.FromMemory);
            return Task.CompletedTask;
        }

        return AskAsync(context, versioned, key, token, conditions);
    }

    private async Task AskAsync(HttpContext context, VersionedMetadata versioned, VersionKey key, long token, Preconditions conditions)
    {
        // Conditions on what is not there come to nothing: the endpoint says so.
        if (await versioned.ReadAsync(context) is { } version)
        {
            switch (conditions.Evaluate(isRead: true, version, out var matched))
            {
                case PreconditionResult.NotModified:
                    memory.Remember(key, token, version);
                    ConditionalResponse.NotModified(context, conditions, matched, version.ETag);
                    Telemetry.Requests.Add(1, Telemetry.FromDatabase);
                    return;
                case PreconditionResult.Failed:
                    Telemetry.Requests.Add(1, Telemetry.Failed);
                    throw WriteCondition.Failed();
            }
        }

        Telemetry.Requests.Add(1, Telemetry.Modified);
        await AnswerAsync(context, key, token);
    }

    private async Task AnswerAsync(HttpContext context, VersionKey key, long token)
    {
        ConditionalResponse.SetCaching(context.Response);
        await next(context);
        if (context.Features.Get<ShownVersion>() is { } shown)
        {
            memory.Remember(key, token, shown.Version);
        }
    }

    private VersionKey Key(HttpContext context, VersionedMetadata versioned)
    {
        var id = context.Request.RouteValues.TryGetValue("id", out var value) && Guid.TryParse(value as string, out var parsed) ? parsed : Guid.Empty;
        var query = versioned.IsList ? context.Request.QueryString.Value ?? "" : null;

        // Who is shown less has another version of the same.
        return new VersionKey(versioned.Kind, versioned.Name, id, _reader?.Redactor is null ? query : query + RedactedKey);
    }

    private static bool AsksSource(HttpRequest request) =>
        request.Headers.CacheControl is [{ } directives, ..] && directives.Contains("no-cache", StringComparison.OrdinalIgnoreCase);
}
