using System.Net;
using System.Text.Json;
using Platform.Api.Tests.Messaging;
using Platform.Api.Tests.Support;
using Platform.Client;

namespace Platform.Api.Tests.Contracts;

/// <summary>What operators do, through the typed client.</summary>
internal sealed class OperatorsWalk(PlatformClient client, ApiHost api)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async Task RunAsync()
    {
        await DeadLettersAsync();
        await MessagingAsync();
        await BudgetsAsync();
        await BreakersAsync();
        await LogLevelsAsync();
        await SecretsAsync();
        await SubjectsAsync();
        Assert.NotEmpty((await client.Audit.ListAuditAsync(outcome: AuditResponseOutcome.Succeeded, cancellationToken: Cancel)).Required.Items);
    }

    private async Task DeadLettersAsync()
    {
        var letters = client.DeadLetters;
        var (edited, discarded) = (await api.ParkAsync("walk"), await api.ParkAsync("walk"));
        await api.ParkAsync("walk many");
        await api.ParkAsync("walk more");
        Assert.Equal(2, (await letters.ListDeadLettersAsync(subscription: "walk", cancellationToken: Cancel)).Required.Items.Count);
        await letters.EditDeadLetterAsync("walk", edited, new() { Payload = JsonElement.Parse("""{ "a": 1 }"""), Reason = "typo" }, Cancel);
        var letter = await letters.GetDeadLetterAsync("walk", edited, cancellationToken: Cancel);
        Assert.Single(letter.Required.History);
        Assert.True((await letters.GetDeadLetterAsync("walk", edited, letter.ETag, Cancel)).IsNotModified);
        await letters.ReplayDeadLetterAsync("walk", edited, new() { Reason = "again" }, Cancel);
        await letters.DiscardDeadLetterAsync("walk", discarded, new() { Reason = "never" }, Cancel);
        Assert.Equal(1, (await letters.ReplayDeadLettersAsync(new() { Filter = new() { Subscription = "walk many" }, Reason = "again" }, Cancel)).Required.Count);
        Assert.Equal(1, (await letters.DiscardDeadLettersAsync(new() { Filter = new() { Subscription = "walk more" }, Reason = "never" }, Cancel)).Required.Count);
        var gone = await Assert.ThrowsAsync<PlatformException>(() => letters.GetDeadLetterAsync("walk", discarded, cancellationToken: Cancel));
        Assert.Equal("RESOURCE_NOT_FOUND", gone.Code);
    }

    private async Task MessagingAsync()
    {
        await api.ExecuteAsync("""
            INSERT INTO platform.core_subscription_lane (subscription, lane, position, reads_log, epoch, owner, released, crashes, suspect_attempts, updated_at)
            SELECT 'walk', lane, 0, true, 1, 'host:1', false, 0, 0, now() FROM generate_series(0, 15) lane;
            INSERT INTO platform.core_lease (name, token, expires_at, due_at, schedule) VALUES ('walk', 0, '-infinity', '2999-01-01T03:00:00Z', 'cron 0 3 * * *')
            """);
        Assert.Contains((await client.Messaging.ListSubscriptionsAsync(cancellationToken: Cancel)).Required.Items, subscription => subscription.Name == "walk");
        Assert.Equal(16, (await client.Messaging.ListSubscriptionLanesAsync("walk", cancellationToken: Cancel)).Required.Items.Count);
        await client.Messaging.ReplaySubscriptionAsync("walk", new() { From = DateTimeOffset.UnixEpoch }, Cancel);
        Assert.Contains((await client.Messaging.ListJobsAsync(cancellationToken: Cancel)).Required.Items, job => job.Name == "walk");
        Assert.Equal(HttpStatusCode.Accepted, (await client.Messaging.RunJobAsync("walk", Cancel)).Status);
    }

    private async Task BudgetsAsync()
    {
        const string Route = "GET /api/v1/orders/";
        var set = await client.Budgets.SetBudgetAsync(new() { Route = Route, P50Ms = 20, P95Ms = 80, P99Ms = 200, Reason = "walk" }, Cancel);
        Assert.Equal(80, set.Required.P95Ms);
        Assert.Equal(Route, (await client.Budgets.GetBudgetHistoryAsync(Route, 60, cancellationToken: Cancel)).Required.Route);
        await client.Budgets.ListBudgetsAsync(cancellationToken: Cancel);
        await client.Budgets.ListBudgetViolationsAsync(cancellationToken: Cancel);
        Assert.NotEmpty((await client.Budgets.ListBudgetChangesAsync(cancellationToken: Cancel)).Required.Items);
        await client.Budgets.UnsetBudgetAsync(Route, "over", Cancel);
    }

    private async Task LogLevelsAsync()
    {
        await client.Logging.SetLogLevelAsync(new() { Category = "Walk", Level = LogLevelRequestLevel.Debug, Minutes = 5, Reason = "drill" }, Cancel);
        Assert.Contains((await client.Logging.ListLogLevelsAsync(cancellationToken: Cancel)).Required.Items, level => level.Category == "Walk");
        await client.Logging.UnsetLogLevelAsync("Walk", "over", Cancel);
    }

    private async Task SecretsAsync()
    {
        var secrets = client.Secrets;
        var name = Assert.Single((await secrets.ListSecretsAsync(cancellationToken: Cancel)).Required.Items, secret => secret.Name == "token-signing").Name;
        var rotation = await secrets.RotateSecretAsync(name, new() { Reason = "drill" }, Cancel);
        Assert.Equal((HttpStatusCode.Accepted, $"/api/v1/secrets/{name}"), (rotation.Status, rotation.Location!.ToString()));
        Assert.Contains((await secrets.ListSecretRotationsAsync(name, cancellationToken: Cancel)).Required.Items, one => one.Id == rotation.Required.Id);
        await secrets.RollBackSecretAsync(name, new() { Reason = "over" }, Cancel);
        Assert.Equal(name, (await secrets.GetSecretAsync(name, cancellationToken: Cancel)).Required.Name);
    }

    private async Task SubjectsAsync()
    {
        var person = await client.Customers.CreateCustomerAsync(new() { Name = "Gone Walker", Email = "gone@example.com" }, cancellationToken: Cancel);
        var id = Guid.Parse(person.Required.Id.ToString());
        await client.Subjects.ExportSubjectAsync(id, Cancel);
        await client.Subjects.EraseSubjectAsync(id, new() { Reason = "asked for" }, Cancel);
        Assert.NotEqual("Gone Walker", (await client.Customers.GetCustomerAsync(person.Required.Id, cancellationToken: Cancel)).Required.Name);
    }

    private async Task BreakersAsync()
    {
        await client.Breakers.OpenBreakerAsync("walk", new() { Reason = "drill" }, Cancel);
        await client.Breakers.CloseBreakerAsync("walk", new() { Reason = "drill" }, Cancel);
        await client.Breakers.ResetBreakerAsync("walk", new() { Reason = "drill" }, Cancel);
        await client.Breakers.ConfigureBreakerAsync("walk", new() { ConsecutiveFailures = 9, Reason = "drill" }, Cancel);
        Assert.Contains((await client.Breakers.ListBreakersAsync(cancellationToken: Cancel)).Required.Items, breaker => breaker.Name == "walk");
        await client.Breakers.UnconfigureBreakerAsync("walk", "over", Cancel);
        Assert.Equal(BreakerCommandResponseVerb.Unconfigure, (await client.Breakers.ListBreakerCommandsAsync(cancellationToken: Cancel)).Required.Items[0].Verb);
    }
}
