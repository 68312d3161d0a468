using System.Reflection;
using System.Runtime.CompilerServices;
using Platform.Redaction;

namespace Platform.Architecture.Tests;

/// <summary>Holds docs/personal-data.md: personal data is declared, and what declares it does not print it.</summary>
public sealed class PersonalDataTests
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    private static readonly string[] PersonalNames =
        ["Email", "EmailAddress", "Phone", "PhoneNumber", "FirstName", "LastName", "FullName", "DisplayName", "CustomerName", "DateOfBirth", "BirthDate"];

    private static readonly Assembly[] Assemblies =
    [
        .. new[] { "Platform.Core", "Platform.EntityFrameworkCore", "Platform.ServiceDefaults", "Platform.Domain", "Platform.Api", "Platform.GraphQL", "Platform.Worker" }.Select(Assembly.Load),
    ];

    // The compiler's ToString of a record prints every member.
    [Fact]
    public void Records_with_personal_members_have_a_ToString_of_their_own()
    {
        var talkative = Types().Where(type => IsRecord(type) && PersonalModel.Of(type).Count > 0)
            .Where(type => type.GetMethod(nameof(ToString), Type.EmptyTypes)!.IsDefined(typeof(CompilerGeneratedAttribute)))
            .Select(type => $"{type.FullName}: public override string ToString() => this.ToSafe().ToString();");

        Assert.Empty(talkative);
    }

    [Fact]
    public void Members_that_are_named_like_personal_data_are_declared()
    {
        var undeclared = Types()
            .SelectMany(type => type.GetProperties(Declared).Where(property => property.PropertyType == typeof(string) && PersonalNames.Contains(property.Name, StringComparer.OrdinalIgnoreCase)))
            .Where(property => !PersonalModel.TryGet(property.DeclaringType!, property.Name, out _))
            .Select(property => $"{property.DeclaringType!.FullName}.{property.Name}: [Personal(...)]");

        Assert.Empty(undeclared);
    }

    private static IEnumerable<Type> Types() => Assemblies.SelectMany(assembly => assembly.GetTypes()).Where(type => !type.IsDefined(typeof(CompilerGeneratedAttribute)));

    private static bool IsRecord(Type type) => type.GetMethod("PrintMembers", Declared) is not null;
}
