using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Platform.Conditional;

namespace Platform.ServiceDefaults.Conditional;

/// <summary>Says that what an endpoint shows has a version that can be told without making it.</summary>
/// <param name="Kind">The kind of resource, as its changes are told.</param>
/// <param name="IsList">Whether it shows many, chosen by the query.</param>
/// <param name="ReadAsync">Reads the version from the database; null when there is nothing to show.</param>
public sealed record VersionedMetadata(string Kind, bool IsList, Func<HttpContext, Task<Validators?>> ReadAsync)
{
    internal string Name { get; } = $"{Kind} {Interlocked.Increment(ref _count)}";

    private static int _count;
}

/// <summary>Says that an endpoint that changes something looks at <c>If-Match</c>. At any other a request with it is refused rather than done in spite of it.</summary>
public interface IGuardedWriteMetadata;

/// <summary>Says that a request has to name the version that it means to change.</summary>
/// <param name="Always">Whether the configuration has no say in it.</param>
public sealed record RequiresVersionMetadata(bool Always) : IGuardedWriteMetadata;

/// <summary>Makes endpoints conditional.</summary>
public static class VersionedEndpointExtensions
{
    /// <summary>
    /// Answers conditional GET and HEAD requests of the endpoint with 304 or 412 before it runs (RFC 9110, section 13), from memory where the version
    /// is remembered and else from <paramref name="readAsync"/>. The endpoint itself calls <see cref="ShowVersion"/> with what it shows.
    /// </summary>
    /// <param name="endpoint">One resource, whose id is the route value <c>id</c>.</param>
    /// <param name="kind">The kind of resource, as its changes are told to <see cref="VersionMemory"/>.</param>
    /// <param name="readAsync">Reads the version; null when there is no such resource.</param>
    public static RouteHandlerBuilder WithVersion(this RouteHandlerBuilder endpoint, string kind, Func<HttpContext, Task<Validators?>> readAsync) =>
        endpoint.WithMetadata(new VersionedMetadata(kind, IsList: false, readAsync));

    /// <summary><inheritdoc cref="WithVersion"/></summary>
    /// <param name="endpoint">A list.</param>
    /// <param name="kind">The kind of its items: any change of one is a change of the list.</param>
    /// <param name="readAsync">Reads the version of the page that is asked for.</param>
    public static RouteHandlerBuilder WithListVersion(this RouteHandlerBuilder endpoint, string kind, Func<HttpContext, Task<Validators?>> readAsync) =>
        endpoint.WithMetadata(new VersionedMetadata(kind, IsList: true, readAsync));

    /// <summary>Refuses requests with neither <c>If-Match</c> nor <c>If-Unmodified-Since</c> with 428 (RFC 6585, section 3).</summary>
    /// <param name="endpoint">Changes something.</param>
    /// <param name="always">False leaves it to <see cref="ConditionalOptions.RequireForUpdates"/>.</param>
    public static RouteHandlerBuilder RequiresVersion(this RouteHandlerBuilder endpoint, bool always = false) =>
        endpoint.WithMetadata(new RequiresVersionMetadata(always));

    /// <summary>Sends the validators of what is shown along, and remembers them.</summary>
    /// <param name="context">The request.</param>
    /// <param name="version">Of the same state of the data as the body.</param>
    public static void ShowVersion(this HttpContext context, Validators version)
    {
        ArgumentNullException.ThrowIfNull(context);
        ConditionalResponse.SetValidators(context, version);
        context.Features.Set(new ShownVersion(version));
    }
}

// What the endpoint showed, for the middleware to remember.
internal sealed record ShownVersion(Validators Version);
