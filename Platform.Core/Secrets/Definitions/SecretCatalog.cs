using Microsoft.Extensions.Options;
using Platform.Errors;

namespace Platform.Secrets;

/// <summary>A secret that code declares.</summary>
internal sealed record SecretDeclaration(string Name, SecretOptions Options);

/// <summary>All secrets of the platform: those that code declares, and those of the configuration, which goes before it. Thread safe.</summary>
public sealed class SecretCatalog
{
    private readonly Dictionary<string, SecretDefinition> _definitions = new(StringComparer.Ordinal);

    internal SecretCatalog(IEnumerable<SecretDeclaration> declarations, IOptions<SecretsOptions> options)
    {
        foreach (var declaration in declarations)
        {
            if (!_definitions.TryAdd(
                declaration.Name, new SecretDefinition(declaration.Name, declaration.Options, options.Value.Items.GetValueOrDefault(declaration.Name))))
            {
                throw new InvalidOperationException($"There is a secret {declaration.Name} already.");
            }
        }

        foreach (var (name, item) in options.Value.Items)
        {
            if (!_definitions.ContainsKey(name))
            {
                _definitions.Add(name, new SecretDefinition(name, item, null));
            }
        }
    }

    /// <summary>Every secret, by name.</summary>
    public IEnumerable<SecretDefinition> All => _definitions.Values.OrderBy(definition => definition.Name, StringComparer.Ordinal);

    /// <summary>Gives a secret, or null.</summary>
    public SecretDefinition? Find(string name) => _definitions.GetValueOrDefault(name);

    /// <summary>Gives a secret.</summary>
    /// <exception cref="ErrorException">There is none of that name.</exception>
    public SecretDefinition Get(string name) => Find(name) ?? throw ErrorException.NotFound("secret", name);
}
