using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Platform.Api.Tests.Support;
using Platform.Audit;
using Platform.Errors;
using Platform.Identity;

namespace Platform.Api.Tests.Audit;

/// <summary>Operators read the trail over REST.</summary>
public sealed class AuditEndpointTests(ApiHost api) : IClassFixture<ApiHost>
{
    [Fact]
    public async Task Pages_give_every_entry_once_the_newest_first()
    {
        List<string> written = [];
        await using (var scope = api.Scope())
        {
            var trail = scope.ServiceProvider.GetRequiredService<IAuditTrail>();
            for (var i = 0; i < 7; i++)
            {
                written.Add((await trail.RecordAloneAsync(
                    new AuditEvent("test.page", $"row:{i}", i % 2 == 0 ? AuditOutcome.Denied : AuditOutcome.Succeeded, "why") { Actor = "me", Details = new Dictionary<string, string> { ["n"] = $"{i}" } },
                    TestContext.Current.CancellationToken)).ToString());
            }
        }

        List<string> read = [];
        string? cursor = null;
        do
        {
            var page = await api.Client.GetJsonAsync($"/api/v1/audit?action=test.*&limit=3{(cursor is null ? "" : $"&cursor={cursor}")}");
            read.AddRange(page["items"]!.AsArray().Select(item => item!["id"]!.GetValue<string>()));
            cursor = page["next"]?.GetValue<string>();
        }
        while (cursor is not null);
        written.Reverse();
        Assert.Equal(written, read);

        var denied = await api.Client.GetJsonAsync("/api/v1/audit?outcome=denied&actor=me&target=row:4");
        var item = Assert.Single(denied["items"]!.AsArray())!;
        Assert.Equal(("denied", "4", "why"), (item["outcome"]!.GetValue<string>(), item["details"]!["n"]!.GetValue<string>(), item["reason"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Trail_is_for_those_who_may_read_it()
    {
        using var client = await api.WithTokenAsync(ApiScopes.OrdersRead);
        using var response = await client.GetAsync("/api/v1/audit", TestContext.Current.CancellationToken);
        await response.AssertProblemAsync(ErrorCode.Forbidden);
    }

    [Fact]
    public async Task Wrong_filters_are_told_all_at_once()
    {
        using var response = await api.Client.GetAsync("/api/v1/audit?outcome=perhaps&from=yesterday&to=x", TestContext.Current.CancellationToken);
        var problem = await response.AssertProblemAsync(ErrorCode.ValidationError);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(["/outcome invalid", "/from invalid", "/to invalid"], problem.Fields());
    }
}
