using Platform.ServiceDefaults.Conditional;

namespace Platform.Api.Documentation;

/// <summary>The endpoint shows an entity tag of its own and honours <c>If-None-Match</c>; for the document.</summary>
internal sealed record ShowsTagMetadata;

/// <summary>The endpoint honours <c>If-Match</c> without asking for it; for the document.</summary>
internal sealed record HonoursTagMetadata : IGuardedWriteMetadata;

/// <summary>The endpoint asks for <c>If-Match</c> by itself; for the document.</summary>
/// <param name="Creates">Whether <c>If-None-Match: *</c> makes a new one.</param>
internal sealed record TakesTagMetadata(bool Creates) : IGuardedWriteMetadata;
