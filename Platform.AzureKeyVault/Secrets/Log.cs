using Microsoft.Extensions.Logging;

namespace Platform.AzureKeyVault.Secrets;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "The key vault does not answer ({Reason}); the keys that were read go on being used")]
    public static partial void VaultAway(ILogger logger, string reason);
}
