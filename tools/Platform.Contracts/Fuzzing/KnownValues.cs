using System.Collections.Concurrent;
using System.Text.Json;

namespace Platform.Contracts.Fuzzing;

/// <summary>Remembers what answers held, so that requests reach what is there: ids, names, cursors, entity tags. Thread safe.</summary>
internal sealed class KnownValues
{
    private const int Kept = 64;
    private const int MaxLength = 1_200;

    private const int MaxTags = 20_000;

    private readonly ConcurrentDictionary<string, string> _tags = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string?[]> _values = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Remembers every text of an answer by the name that it has there.</summary>
    /// <param name="path">Where it came from: an id belongs to the kind of resource.</param>
    /// <param name="body">The answer.</param>
    /// <param name="random">Which of the older values makes room.</param>
    public void Learn(string path, JsonElement body, Random random) => Learn(Collection(path), "", body, random, 0);

    /// <summary>Remembers the entity tag of what stands at an address.</summary>
    public void Tag(string path, string tag)
    {
        if (_tags.Count > MaxTags)
        {
            _tags.Clear();
        }

        _tags[path] = tag;
    }

    /// <summary>The entity tag of what stands at an address; null when it is not known.</summary>
    public string? TagOf(string path) => _tags.GetValueOrDefault(path);

    public void Add(string name, string value, Random random)
    {
        if (value.Length <= MaxLength)
        {
            _values.GetOrAdd(name, _ => new string?[Kept])[random.Next(Kept)] = value;
        }
    }

    /// <summary>A value that something of this name had; null when none is known.</summary>
    public string? Find(string path, string name, Random random)
    {
        var key = name.EndsWith("Id", StringComparison.Ordinal) && name.Length > 2 ? $"{name[..^2]}s:id" : $"{Collection(path)}:{name}";
        return Pick(key, random) ?? Pick(name, random);
    }

    private string? Pick(string key, Random random)
    {
        if (!_values.TryGetValue(key, out var values))
        {
            return null;
        }

        for (var tries = 0; tries < 8; tries++)
        {
            if (values[random.Next(Kept)] is { } value)
            {
                return value;
            }
        }

        return values.FirstOrDefault(value => value is not null);
    }

    private void Learn(string collection, string name, JsonElement value, Random random, int depth)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object when depth < 8:
                foreach (var member in value.EnumerateObject())
                {
                    Learn(collection, member.Name, member.Value, random, depth + 1);
                }

                break;
            case JsonValueKind.Array when depth < 8:
                foreach (var item in value.EnumerateArray().Take(8))
                {
                    Learn(collection, name, item, random, depth + 1);
                }

                break;
            case JsonValueKind.String:
                Add(name == "next" ? $"{collection}:cursor" : $"{collection}:{name}", value.GetString()!, random);
                Add(name, value.GetString()!, random);
                break;
        }
    }

    /// <summary>What a path is about: <c>/api/v1/orders/{id}/payment</c> about <c>orders</c>.</summary>
    public static string Collection(string path)
    {
        var segments = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var parameter = Array.FindIndex(segments, segment => segment.StartsWith('{'));
        return parameter > 0 ? segments[parameter - 1] : segments[^1];
    }
}
