using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Linq.Expressions;
using System.Reflection;

namespace Platform.Redaction;

/// <summary>Which members of which models hold personal data. Of the process, since declarations belong to types. Thread safe.</summary>
public static class PersonalModel
{
    private static readonly ConcurrentDictionary<Type, FrozenDictionary<string, PiiType>> Known = [];
    private static readonly ConcurrentDictionary<(Type Owner, string Member), PiiType> Declared = [];

    /// <summary>Declares a member of a class that cannot carry <see cref="PersonalAttribute"/>. Call it before anything of the class is shown.</summary>
    /// <typeparam name="T">The class; classes that derive from it inherit the declaration.</typeparam>
    /// <param name="member">The property or field: <c>person => person.Email</c>.</param>
    /// <param name="type">What it holds.</param>
    /// <exception cref="ArgumentException">The expression is no property or field of the class.</exception>
    public static void Declare<T>(Expression<Func<T, object?>> member, PiiType type)
    {
        ArgumentNullException.ThrowIfNull(member);
        var body = member.Body is UnaryExpression { NodeType: ExpressionType.Convert } convert ? convert.Operand : member.Body;
        if (body is not MemberExpression { Expression: ParameterExpression, Member: var declared })
        {
            throw new ArgumentException("The expression has to be a property or field of the class itself.", nameof(member));
        }

        Declared[(typeof(T), declared.Name)] = type;
        Known.Clear();
    }

    /// <summary>The declared members of a type, those of its bases and interfaces too, by name.</summary>
    public static IReadOnlyDictionary<string, PiiType> Of(Type type)
    {
        ArgumentNullException.ThrowIfNull(type);
        return Known.GetOrAdd(type, Read);
    }

    /// <summary>What a member holds, if it is declared.</summary>
    public static bool TryGet(Type owner, string member, out PiiType type)
    {
        ArgumentNullException.ThrowIfNull(owner);
        ArgumentNullException.ThrowIfNull(member);
        return Known.GetOrAdd(owner, Read).TryGetValue(member, out type);
    }

    private static FrozenDictionary<string, PiiType> Read(Type type)
    {
        var members = new Dictionary<string, PiiType>(StringComparer.Ordinal);
        foreach (var owner in Owners(type))
        {
            foreach (var parameter in owner.GetConstructors(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance).SelectMany(constructor => constructor.GetParameters()))
            {
                if (parameter is { Name: { } name } && parameter.GetCustomAttribute<PersonalAttribute>() is { } declared)
                {
                    members.TryAdd(name, declared.Type);
                }
            }

            foreach (var member in owner.GetMembers(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.DeclaredOnly))
            {
                if (member is PropertyInfo or FieldInfo && member.GetCustomAttribute<PersonalAttribute>() is { } declared)
                {
                    members[member.Name] = declared.Type;
                }
            }

            foreach (var ((of, name), kind) in Declared)
            {
                if (of == owner)
                {
                    members[name] = kind;
                }
            }
        }

        return members.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private static IEnumerable<Type> Owners(Type type)
    {
        foreach (var contract in type.GetInterfaces())
        {
            yield return contract;
        }

        for (var owner = type; owner is not null && owner != typeof(object); owner = owner.BaseType)
        {
            yield return owner;
        }
    }
}
