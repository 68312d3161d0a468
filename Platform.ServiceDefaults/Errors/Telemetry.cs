namespace Platform.ServiceDefaults.Errors;

internal static class Telemetry
{
    // OpenTelemetry semantic conventions, "error.type": low cardinality, on failures of the server only.
    public const string ErrorTypeTag = "error.type";

    // The entry of the catalogue, on refusals too.
    public const string CodeTag = "platform.error.code";
}
