using System.Globalization;
using Platform.FeatureFlags;

namespace Platform.EntityFrameworkCore.FeatureFlags;

/// <summary>Changes as PostgreSQL tells them: LISTEN and NOTIFY, and a read of what is new.</summary>
internal sealed class FlagFeed(FlagDatabase database, FlagReads reads) : IFlagFeed
{
    public async Task<StoredFlags> ReadAsync(StoredFlags known, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(known);
        await using var open = await database.OpenAsync(cancellationToken);
        return await reads.ReadAsync(open.Connection, known, cancellationToken);
    }

    public Task ListenAsync(Action connected, Action<long> heard, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(connected);
        ArgumentNullException.ThrowIfNull(heard);
        return database.ListenAsync(
            payload =>
            {
                if (long.TryParse(payload, NumberStyles.None, CultureInfo.InvariantCulture, out var version))
                {
                    heard(version);
                }
            },
            connected,
            cancellationToken);
    }
}
