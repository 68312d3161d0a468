using System.Globalization;
using Npgsql;
using Platform.Secrets;

namespace Platform.EntityFrameworkCore.Secrets;

/// <summary>Reads the rows of <see cref="RotationStore"/>.</summary>
internal static class RotationRows
{
    private const int RotationColumns = 15;

    public static async Task<Rotation> RotationAsync(NpgsqlDataReader reader, CancellationToken cancellationToken) => new()
    {
        Id = reader.GetGuid(0),
        Name = reader.GetString(1),
        Version = reader.GetGuid(2),
        State = (RotationState)reader.GetInt16(3),
        Step = (RotationStep)reader.GetInt16(4),
        Trigger = (RotationTrigger)reader.GetInt16(5),
        Actor = reader.GetString(6),
        Reason = await reader.IsDBNullAsync(7, cancellationToken) ? null : reader.GetString(7),
        Attempts = reader.GetInt32(8),
        Error = await reader.IsDBNullAsync(9, cancellationToken) ? null : reader.GetString(9),
        StartedAt = reader.GetFieldValue<DateTimeOffset>(10),
        StepAt = reader.GetFieldValue<DateTimeOffset>(11),
        NextTryAt = await TimeAsync(reader, 12, cancellationToken),
        FinishedAt = await TimeAsync(reader, 13, cancellationToken),
        RetireAt = await TimeAsync(reader, 14, cancellationToken),
    };

    public static async Task<SecretStatus> StatusAsync(NpgsqlDataReader reader, CancellationToken cancellationToken) => new(
        reader.GetString(RotationColumns),
        reader.GetInt64(RotationColumns + 1),
        reader.GetFieldValue<DateTimeOffset>(RotationColumns + 2),
        await TimeAsync(reader, RotationColumns + 3, cancellationToken),
        await reader.IsDBNullAsync(RotationColumns + 4, cancellationToken) ? null : reader.GetGuid(RotationColumns + 4),
        reader.GetInt32(RotationColumns + 5),
        [.. reader.GetFieldValue<string[]>(RotationColumns + 8).Select(Version)],
        await reader.IsDBNullAsync(0, cancellationToken) ? null : await RotationAsync(reader, cancellationToken),
        reader.GetInt32(RotationColumns + 6),
        reader.GetInt32(RotationColumns + 7));

    private static VersionStatus Version(string text)
    {
        var parts = text.Split('|', 6);
        return new VersionStatus(
            Guid.Parse(parts[0]),
            (SecretStage)int.Parse(parts[1], CultureInfo.InvariantCulture),
            parts[2],
            parts[5].Length == 0 ? null : parts[5],
            Time(parts[3]),
            parts[4].Length == 0 ? null : Time(parts[4]));
    }

    private static DateTimeOffset Time(string seconds) =>
        DateTimeOffset.UnixEpoch.AddMilliseconds((double)(decimal.Parse(seconds, CultureInfo.InvariantCulture) * 1000));

    private static async Task<DateTimeOffset?> TimeAsync(NpgsqlDataReader reader, int column, CancellationToken cancellationToken) =>
        await reader.IsDBNullAsync(column, cancellationToken) ? null : reader.GetFieldValue<DateTimeOffset>(column);
}
