using Microsoft.Extensions.Configuration;
using Platform.Secrets;

namespace Platform.ServiceDefaults.Secrets;

/// <summary>Puts secrets under the configuration keys that they are bound to; whoever monitors options hears of it.</summary>
internal sealed class SecretConfiguration : ConfigurationProvider, IConfigurationSource
{
    // Behind the places that files and environment variables use, so that what they name goes on counting.
    private const int FirstPlace = 100;

    public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

    /// <summary>Replaces everything that is bound.</summary>
    public void Bind(IEnumerable<(SecretDefinition Definition, Secret Secret)> secrets)
    {
        var data = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (var (definition, secret) in secrets)
        {
            if (definition.Bind is { } key && secret.Current is { } current)
            {
                data[key] = current.Value;
            }

            if (definition.BindAll is { } list)
            {
                foreach (var version in secret.Versions)
                {
                    data[$"{list}:{FirstPlace + (int)version.Stage}"] = version.Value;
                }
            }
        }

        if (data.Count == Data.Count && data.All(pair => Data.TryGetValue(pair.Key, out var known) && known == pair.Value))
        {
            return;
        }

        Data = data;
        OnReload();
    }
}
