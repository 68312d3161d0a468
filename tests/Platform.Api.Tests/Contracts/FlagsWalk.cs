using System.Net;
using Platform.Client;
using Platform.Testing;

namespace Platform.Api.Tests.Contracts;

/// <summary>Feature flags, through the typed client.</summary>
internal sealed class FlagsWalk(PlatformClient client)
{
    private readonly FlagsClient _flags = client.Flags;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async Task RunAsync()
    {
        await ItemsAsync();
        await EvaluationAsync();
        await PlansAsync();
        await HistoryAsync();
        await foreach (var change in _flags.StreamFlagChangesAsync(cancellationToken: Cancel))
        {
            Assert.Contains("fingerprint", change.Data, StringComparison.Ordinal);
            break;
        }
    }

    private async Task ItemsAsync()
    {
        var flag = await _flags.CreateFlagAsync(new() { Name = "walk", Percent = 25 }, reason: "walk", cancellationToken: Cancel);
        Assert.True((await _flags.GetFlagAsync("walk", flag.ETag, Cancel)).IsNotModified);
        var read = await _flags.GetFlagAsync("walk", cancellationToken: Cancel);
        var put = await _flags.PutFlagAsync("walk", read.Required with { Percent = 50 }, "more", read.ETag, cancellationToken: Cancel);
        Assert.Equal((HttpStatusCode.OK, 50m), (put.Status, put.Required.Percent));
        Assert.Equal(HttpStatusCode.Created, (await _flags.PutFlagAsync("walk_2", new() { Name = "walk_2" }, ifNoneMatch: "*", cancellationToken: Cancel)).Status);
        await _flags.DeleteFlagAsync("walk_2", ifMatch: (await _flags.GetFlagAsync("walk_2", cancellationToken: Cancel)).ETag, cancellationToken: Cancel);

        var flip = await _flags.CreateSwitchAsync(new() { Name = "walk" }, cancellationToken: Cancel);
        Assert.True((await _flags.GetSwitchAsync("walk", flip.ETag, Cancel)).IsNotModified);
        await _flags.GetSwitchAsync("walk", cancellationToken: Cancel);
        flip = await _flags.PutSwitchAsync("walk", new() { Name = "walk", Active = true }, ifMatch: flip.ETag, cancellationToken: Cancel);
        await _flags.DeleteSwitchAsync("walk", ifMatch: flip.ETag, cancellationToken: Cancel);
        await _flags.PutSwitchAsync("walk", new() { Name = "walk" }, ifNoneMatch: "*", cancellationToken: Cancel);

        var sample = await _flags.CreateSampleAsync(new() { Name = "walk", Percent = 10 }, cancellationToken: Cancel);
        Assert.True((await _flags.GetSampleAsync("walk", sample.ETag, Cancel)).IsNotModified);
        await _flags.GetSampleAsync("walk", cancellationToken: Cancel);
        sample = await _flags.PutSampleAsync("walk", new() { Name = "walk", Percent = 20 }, ifMatch: sample.ETag, cancellationToken: Cancel);
        await _flags.DeleteSampleAsync("walk", ifMatch: sample.ETag, cancellationToken: Cancel);
        await _flags.PutSampleAsync("walk", new() { Name = "walk" }, ifNoneMatch: "*", cancellationToken: Cancel);

        var segment = await _flags.CreateSegmentAsync(new() { Name = "walk", Constraints = [new() { Field = "language", Operator = "IN", Values = ["de"] }] }, cancellationToken: Cancel);
        Assert.True((await _flags.GetSegmentAsync("walk", segment.ETag, Cancel)).IsNotModified);
        await _flags.GetSegmentAsync("walk", cancellationToken: Cancel);
        segment = await _flags.PutSegmentAsync("walk", new() { Name = "walk", Note = "walked" }, ifMatch: segment.ETag, cancellationToken: Cancel);
        await _flags.DeleteSegmentAsync("walk", ifMatch: segment.ETag, cancellationToken: Cancel);
        await _flags.PutSegmentAsync("walk", new() { Name = "walk" }, ifNoneMatch: "*", cancellationToken: Cancel);

        foreach (var list in (Func<string?, CancellationToken, Task<Answer<FlagListResponse>>>[])[_flags.ListFlagsAsync, _flags.ListSwitchesAsync, _flags.ListSamplesAsync, _flags.ListSegmentsAsync])
        {
            var answer = await list(null, Cancel);
            Assert.Contains(answer.Required.Items, item => item.Name == "walk");
            Assert.True((await list(answer.ETag, Cancel)).IsNotModified);
        }
    }

    private async Task EvaluationAsync()
    {
        await Eventually.BecomesTrueAsync(async () => (await _flags.EvaluateFlagsAsync(new(), cancellationToken: Cancel)).Required.Flags.Any(flag => flag.Name == "walk"));
        Assert.Equal("walk", (await _flags.EvaluateFlagAsync("walk", new() { UserId = "4711" }, Cancel)).Required.Name);
        var many = await _flags.EvaluateFlagsAsync(new() { Flags = ["walk"] }, cancellationToken: Cancel);
        Assert.True((await _flags.EvaluateFlagsAsync(new() { Flags = ["walk"] }, many.ETag, Cancel)).IsNotModified);
    }

    private async Task PlansAsync()
    {
        await _flags.CreateFlagAsync(new() { Name = "walk_plan" }, cancellationToken: Cancel);
        var set = await _flags.SetFlagMetadataAsync("walk_plan", new() { Owner = "walkers", Ticket = "W-1" }, Cancel);
        Assert.Equal("walkers", set.Required.Owner);
        Assert.Equal("W-1", (await _flags.GetFlagMetadataAsync("walk_plan", cancellationToken: Cancel)).Required.Ticket);
        await _flags.SetFlagPlanAsync(
            "walk_plan", new() { Stages = [new() { Percent = 5, HoldSeconds = 3600 }, new() { Percent = 100, HoldSeconds = 3600 }], Guards = [new() { Kind = GuardBodyKind.ErrorRate, Endpoints = ["GET /api/v1/orders/{id:guid}"] }] }, Cancel);
        Assert.Equal(RolloutStateResponseStatus.Running, (await _flags.StartFlagPlanAsync("walk_plan", new() { Reason = "go" }, Cancel)).Required.Rollout.Status);
        Assert.Equal(RolloutStateResponseStatus.Paused, (await _flags.PauseFlagPlanAsync("walk_plan", new() { Reason = "wait" }, Cancel)).Required.Rollout.Status);
        await _flags.ResumeFlagPlanAsync("walk_plan", new() { Reason = "go on" }, Cancel);
        Assert.Equal(RolloutStateResponseStatus.RolledBack, (await _flags.RollBackFlagPlanAsync("walk_plan", new() { Reason = "back" }, Cancel)).Required.Rollout.Status);
        await _flags.GetFlagImpactAsync("walk_plan", cancellationToken: Cancel);
        await _flags.ListStaleFlagsAsync(1, cancellationToken: Cancel);
    }

    private async Task HistoryAsync()
    {
        var off = await _flags.TurnFlagsOffAsync(new() { Reason = "walk" }, Cancel);
        var entries = await _flags.ListFlagAuditAsync(change: off.Required.ChangeId, cancellationToken: Cancel);
        var entry = await _flags.GetFlagAuditEntryAsync(entries.Required.Items[0].Id, cancellationToken: Cancel);
        Assert.Equal("walk", entry.Required.Reason);
        Assert.NotEmpty((await _flags.UndoFlagChangeAsync(off.Required.ChangeId!.Value, new() { Reason = "over" }, Cancel)).Required.Entries);
    }
}
