namespace Platform.Api.Documentation;

/// <summary>The endpoint asks for a signature of the body instead of a token; for the document.</summary>
internal sealed record WebhookSignatureMetadata;
