using System.Text;
using System.Text.Json.Nodes;
using Platform.Contracts.Compatibility;
using Platform.Contracts.Model;

namespace Platform.Api.Tests.Contracts;

/// <summary>What breaks a client is found, and what does not is let pass. Each case bends a small document in one place.</summary>
public sealed class BreakingChangeTests
{
    private const string Document = """
        {
          "openapi": "3.1.1", "info": { "title": "t", "version": "v1" },
          "paths": {
            "/things": {
              "get": {
                "operationId": "ListThings", "security": [{ "oauth2": ["read"] }],
                "parameters": [
                  { "name": "limit", "in": "query", "schema": { "type": "integer", "minimum": 1, "maximum": 100 } },
                  { "name": "sort", "in": "query", "schema": { "type": "string", "enum": ["name", "age"] } }
                ],
                "responses": {
                  "200": {
                    "description": "OK",
                    "headers": { "ETag": { "required": true, "schema": { "type": "string" } } },
                    "content": { "application/json": { "schema": { "type": "array", "items": { "$ref": "#/components/schemas/Thing" } } } }
                  },
                  "304": { "description": "same" }
                }
              },
              "post": {
                "operationId": "AddThing", "security": [{ "oauth2": ["write"] }],
                "requestBody": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/ThingRequest" } } } },
                "responses": { "201": { "description": "OK" } }
              }
            }
          },
          "components": {
            "schemas": {
              "Thing": {
                "type": "object", "required": ["id", "state"],
                "properties": {
                  "id": { "type": "string", "format": "uuid" },
                  "state": { "type": "string", "enum": ["on", "off"] },
                  "note": { "type": ["null", "string"] },
                  "parent": { "oneOf": [{ "type": "null" }, { "$ref": "#/components/schemas/Thing" }] }
                }
              },
              "ThingRequest": {
                "type": "object", "required": ["name"],
                "properties": {
                  "name": { "type": "string", "maxLength": 100 },
                  "size": { "type": "number" },
                  "kind": { "type": "string", "enum": ["a", "b"] },
                  "tags": { "type": "array", "items": { "type": "string" } }
                }
              }
            },
            "securitySchemes": { "oauth2": { "type": "oauth2" } }
          }
        }
        """;

    private const string List = "paths//things/get/";
    private const string Sent = "components/schemas/ThingRequest/";
    private const string Received = "components/schemas/Thing/";

    [Theory]
    [InlineData("paths//things/get", null, "GET /things: the operation is gone")]
    [InlineData("paths//things", null, "GET /things: the path is gone", "POST /things: the path is gone")]
    [InlineData(List + "operationId", "\"Things\"", "GET /things: operationId ListThings became Things: generated clients call it by that name")]
    [InlineData(List + "security/0/oauth2/0", "\"all\"", "GET /things: asks for oauth2 all instead of oauth2 read")]
    [InlineData(List + "responses/304", null, "GET /things 304: the status is gone")]
    [InlineData(List + "responses/200/headers/ETag", null, "GET /things 200 header ETag: is gone")]
    [InlineData(List + "responses/200/headers/ETag/required", "false", "GET /things 200 header ETag: is not always there any more")]
    [InlineData(List + "responses/200/content", """{ "text/csv": {} }""", "GET /things 200: application/json is not given any more")]
    [InlineData(List + "parameters/1", null, "GET /things query parameter sort: is gone")]
    [InlineData(List + "parameters/0/required", "true", "GET /things query parameter limit: became required")]
    [InlineData(List + "parameters/0/schema/type", "\"boolean\"", "GET /things query parameter limit: integer is not taken any more, boolean is")]
    [InlineData(List + "parameters/0/schema/maximum", "50", "GET /things query parameter limit: maximum is 50 now and was 100")]
    [InlineData(List + "parameters/0/schema/minimum", "2", "GET /things query parameter limit: minimum is 2 now and was 1")]
    [InlineData(List + "parameters/1/schema/enum/1", null, "GET /things query parameter sort: \"age\" is not taken any more")]
    [InlineData(List + "parameters/1/schema/pattern", "\"^n\"", "GET /things query parameter sort: has to match ^n now")]
    [InlineData("paths//things/post/requestBody/required", "true", "POST /things body: became required")]
    [InlineData("paths//things/post/requestBody/content", """{ "text/csv": {} }""", "POST /things body: application/json is not taken any more")]
    [InlineData(Sent + "properties/size", null, "POST /things body/size: is gone")]
    [InlineData(Sent + "properties/size/type", "\"integer\"", "POST /things body/size: number is not taken any more, integer is")]
    [InlineData(Sent + "properties/name/maxLength", "50", "POST /things body/name: maxLength is 50 now and was 100")]
    [InlineData(Sent + "properties/name/enum", """["x"]""", "POST /things body/name: takes only \"x\" now")]
    [InlineData(Sent + "properties/name/format", "\"uuid\"", "POST /things body/name: has to be uuid now")]
    [InlineData(Sent + "properties/kind/enum/0", null, "POST /things body/kind: \"a\" is not taken any more")]
    [InlineData(Sent + "properties/tags/items/type", "\"integer\"", "POST /things body/tags/*: string is not taken any more, integer is")]
    [InlineData(Sent + "properties/tags/maxItems", "3", "POST /things body/tags: maxItems is 3 now and was none")]
    [InlineData(Sent + "required/1", "\"kind\"", "POST /things body/kind: became required")]
    [InlineData(Received + "properties/note", null, "GET /things 200/*/note: is gone")]
    [InlineData(Received + "required/0", null, "GET /things 200/*/id: is not always there any more")]
    [InlineData(Received + "properties/id/type", """["null", "string"]""", "GET /things 200/*/id: may be null now, and was string")]
    [InlineData(Received + "properties/id/type", "\"integer\"", "GET /things 200/*/id: may be integer now, and was string")]
    [InlineData(Received + "properties/id/format", null, "GET /things 200/*/id: format uuid became none")]
    [InlineData(Received + "properties/state/enum", null, "GET /things 200/*/state: was one of \"on\", \"off\" and may be anything now")]
    [InlineData("components/securitySchemes/oauth2/type", "\"http\"", "security scheme oauth2: is gone, or of another type")]
    public void What_breaks_clients_is_told(string place, string? value, params string[] expected) =>
        Assert.Equal(expected, Changes(place, value));

    [Theory]
    [InlineData("paths//more", """{ "get": { "operationId": "More", "responses": { "200": { "description": "OK" } } } }""")]
    [InlineData(List + "parameters/2", """{ "name": "page", "in": "query", "schema": { "type": "string" } }""")]
    [InlineData(List + "parameters/0/schema/maximum", "500")]
    [InlineData(List + "parameters/1/schema/enum/2", "\"size\"")]
    [InlineData(List + "responses/429", """{ "description": "too many" }""")]
    [InlineData(List + "summary", "\"other words\"")]
    [InlineData(Sent + "properties/more", """{ "type": "string" }""")]
    [InlineData(Sent + "properties/name/maxLength", "200")]
    [InlineData(Sent + "properties/size/type", """["null", "number"]""")]
    [InlineData(Sent + "properties/kind/enum/2", "\"c\"")]
    [InlineData(Sent + "required/0", null)]
    [InlineData(Received + "properties/more", """{ "type": "string" }""")]
    [InlineData(Received + "properties/state/enum/2", "\"unknown\"")]
    [InlineData(Received + "properties/note/type", "\"string\"")]
    [InlineData(Received + "required/2", "\"note\"")]
    public void What_clients_may_rely_on_is_let_pass(string place, string? value) => Assert.Empty(Changes(place, value));

    [Fact]
    public void Required_member_that_is_new_breaks_clients()
    {
        var after = JsonNode.Parse(Document)!;
        var request = after["components"]!["schemas"]!["ThingRequest"]!;
        request["properties"]!["more"] = new JsonObject { ["type"] = "string" };
        request["required"]!.AsArray().Add((JsonNode)"more");
        Assert.Equal(["POST /things body/more: is new and required"], Changes(after));
    }

    [Fact]
    public void Parameter_that_is_new_and_required_breaks_clients() =>
        Assert.Equal(
            ["GET /things header parameter X-Key: is new and required"],
            Changes(List + "parameters/2", """{ "name": "X-Key", "in": "header", "required": true, "schema": { "type": "string" } }"""));

    private static IEnumerable<string> Changes(string place, string? value)
    {
        var after = JsonNode.Parse(Document)!;

        // Two slashes in a row: the next word begins with one.
        var words = place.Replace("//", "/~", StringComparison.Ordinal).Split('/').Select(word => word.Replace('~', '/')).ToArray();
        var holder = words[..^1].Aggregate(after, (node, word) => node is JsonArray array ? array[int.Parse(word, System.Globalization.CultureInfo.InvariantCulture)]! : node[word]!);
        if (holder is JsonArray items)
        {
            var index = int.Parse(words[^1], System.Globalization.CultureInfo.InvariantCulture);
            if (index < items.Count)
            {
                items.RemoveAt(index);
            }

            if (value is not null)
            {
                items.Insert(index, JsonNode.Parse(value));
            }
        }
        else if (value is null)
        {
            holder.AsObject().Remove(words[^1]);
        }
        else
        {
            holder[words[^1]] = JsonNode.Parse(value);
        }

        return Changes(after);
    }

    private static IEnumerable<string> Changes(JsonNode after) =>
        ContractComparison.BreakingChanges(ContractDocument.Parse(Encoding.UTF8.GetBytes(Document)), ContractDocument.Parse(Encoding.UTF8.GetBytes(after.ToJsonString())))
            .Select(change => change.ToString());
}
