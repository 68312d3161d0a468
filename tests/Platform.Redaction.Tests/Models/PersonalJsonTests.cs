using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Platform.Redaction.Tests.Models;

public sealed partial class PersonalJsonTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Contracts_redact_for_who_may_not_see(bool isGenerated)
    {
        var reader = Redactor.Default;
        Redactor? current = reader;
        IJsonTypeInfoResolver contracts = isGenerated ? Generated.Default : new DefaultJsonTypeInfoResolver();
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web) { TypeInfoResolver = contracts.WithAddedModifier(PersonalJson.Redacting(() => current)) };
        var model = new Model("Jane Doe", ["jane.doe@example.com"], new DateOnly(1980, 5, 21), "kept");

        var redacted = JsonSerializer.Serialize(model, options);
        current = null;
        var whole = JsonSerializer.Serialize(model, options);

        Assert.Equal("""{"name":"J*** D***","addresses":["j***@e***.com"],"other":"kept"}""", redacted);
        Assert.Equal("""{"name":"Jane Doe","addresses":["jane.doe@example.com"],"born":"1980-05-21","other":"kept"}""", whole);
        Assert.Equal("Jane Doe", JsonSerializer.Deserialize<Model>(whole, options)!.Name);
    }

    internal sealed record Model(
        [Personal(PiiType.PersonName)] string Name,
        [property: Personal(PiiType.Email)] IReadOnlyList<string> Addresses,
        [Personal(PiiType.DateOfBirth)] DateOnly Born,
        string Other)
    {
        public override string ToString() => this.ToSafe().ToString();
    }

    [JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
    [JsonSerializable(typeof(Model))]
    internal sealed partial class Generated : JsonSerializerContext;
}
