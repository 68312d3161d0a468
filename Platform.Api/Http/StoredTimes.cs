namespace Platform.Api.Http;

internal static class StoredTimes
{
    // PostgreSQL keeps microseconds, the clock gives tenths of them: without this, an answer right after writing would differ from
    // each one later.
    public static DateTimeOffset AsStored(this DateTimeOffset time) => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerMicrosecond));
}
