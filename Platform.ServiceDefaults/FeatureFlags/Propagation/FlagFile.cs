using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Platform.FeatureFlags;

namespace Platform.ServiceDefaults.FeatureFlags;

/// <summary>What is stored, in a file beside the host, for a start without the database.</summary>
internal sealed class FlagFile(IOptions<FeatureFlagOptions> options, IHostEnvironment environment, TimeProvider time, ILogger<FlagFile> logger)
{
    private const int Format = 1;
    private const long MaxBytes = 256L * 1024 * 1024;

    private readonly string? _path = PathOf(options.Value.SnapshotFolder, environment);

    /// <summary>Reads the file; null where there is none, or none that can be read.</summary>
    public (StoredFlags Flags, DateTimeOffset SavedAt)? Read()
    {
        try
        {
            if (_path is null || !File.Exists(_path) || new FileInfo(_path).Length > MaxBytes)
            {
                return null;
            }

            using var stream = File.OpenRead(_path);
            using var document = JsonDocument.Parse(stream);
            var root = document.RootElement;
            if (root.GetProperty("format").GetInt32() != Format)
            {
                return null;
            }

            var items = root.GetProperty("items").EnumerateArray().Select(item => new FlagItem(
                new FlagKey(
                    Enum.Parse<FlagItemKind>(item.GetProperty("kind").GetString()!),
                    item.GetProperty("name").GetString()!,
                    Enum.Parse<FlagOrigin>(item.GetProperty("origin").GetString()!)),
                item.GetProperty("version").GetInt64(),
                item.GetProperty("position").GetInt64(),
                item.GetProperty("document").GetRawText()));
            return (
                new StoredFlags(root.GetProperty("version").GetInt64(), [.. items], root.GetProperty("visitorKey").GetBytesFromBase64()),
                root.GetProperty("savedAt").GetDateTimeOffset());
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or JsonException or KeyNotFoundException
            or InvalidOperationException or FormatException or ArgumentException)
        {
            Log.FileUnreadable(logger, failure);
            return null;
        }
    }

    /// <summary>Writes the file: whole or not at all, and for this user alone.</summary>
    public void Write(StoredFlags flags)
    {
        if (_path is null)
        {
            return;
        }

        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
            var draft = $"{_path}.{Environment.ProcessId}.tmp";
            var create = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Share = FileShare.None };
            if (!OperatingSystem.IsWindows())
            {
                create.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            using (var stream = new FileStream(draft, create))
            {
                Write(stream, flags);
                stream.Flush(flushToDisk: true);
            }

            File.Move(draft, _path, overwrite: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Log.FileUnwritable(logger, failure);
        }
    }

    private void Write(Stream stream, StoredFlags flags)
    {
        using var json = new Utf8JsonWriter(stream);
        json.WriteStartObject();
        json.WriteNumber("format", Format);
        json.WriteNumber("version", flags.Version);
        json.WriteString("savedAt", time.GetUtcNow());
        json.WriteBase64String("visitorKey", flags.VisitorKey.Span);
        json.WriteStartArray("items");
        foreach (var item in flags.Items.OrderBy(item => item.Position))
        {
            json.WriteStartObject();
            json.WriteString("kind", item.Key.Kind.ToString());
            json.WriteString("name", item.Key.Name);
            json.WriteString("origin", item.Key.Origin.ToString());
            json.WriteNumber("version", item.Version);
            json.WriteNumber("position", item.Position);
            json.WritePropertyName("document");
            json.WriteRawValue(item.Json);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static string? PathOf(string? folder, IHostEnvironment environment)
    {
        if (folder is { Length: 0 })
        {
            return null;
        }

        if (folder is null)
        {
            var local = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);

            // Several clones on one machine are several installations.
            var place = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(environment.ContentRootPath)))[..8];
            folder = Path.Combine(local.Length > 0 ? local : Path.GetTempPath(), "platform", "flags", place);
        }

        return Path.Combine(folder, $"{environment.ApplicationName}.json");
    }
}
