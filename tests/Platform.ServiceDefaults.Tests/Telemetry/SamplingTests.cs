using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.Configuration;
using OpenTelemetry.Trace;
using Platform.ServiceDefaults.Telemetry;
using Platform.ServiceDefaults.Telemetry.Sampling;
using Platform.ServiceDefaults.Tests.Support;

namespace Platform.ServiceDefaults.Tests.Telemetry;

/// <summary>Which traces are sent. In processes of their own: here, the hosts of other tests listen to the same sources and decide as well.</summary>
public sealed class SamplingTests
{
    private const string Sampled = "00-11111111111111111111111111111111-b7ad6b7169203331-01";
    private const string NotSampled = "00-22222222222222222222222222222222-b7ad6b7169203331-00";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Failed_and_slow_work_is_sent_though_none_is_sampled_and_the_rest_is_not()
    {
        await using var collector = await StubServer.StartAsync((context, _) =>
        {
            context.Response.ContentType = "application/x-protobuf";
            return Task.CompletedTask;
        });
        await using var host = await HostProcess.StartAsync(
            "Platform.ServiceDefaults.TestHost",
            ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", new Uri(collector.Address, "/v1/traces").ToString()),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
            ("OTEL_BSP_SCHEDULE_DELAY", "200"),
            ("Platform__Telemetry__SampleRatio", "0"),
            ("Platform__Telemetry__KeepSlowerThan", "00:00:00.300"));
        var quick = await host.Client.GetStringAsync("/nested", Cancel);
        var failed = await TraceAsync(host, "/fail");
        var slow = await TraceAsync(host, "/work?ms=500");
        var told = await host.Client.GetStringAsync("/trace", Cancel);

        // Callees are told that it is not sampled.
        Assert.EndsWith("-00", told, StringComparison.Ordinal);
        await Until.TrueAsync(() => Sent(collector, failed) && Sent(collector, slow), "the failed and the slow");
        Assert.False(Sent(collector, quick), "The quick one was sent.");
        Assert.Contains(collector.Requests, request => Encoding.UTF8.GetString(request.Body).Contains("inside", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("AlwaysOn", "1", NotSampled, "01")]
    [InlineData("ParentBased", "0", Sampled, "01")]
    [InlineData("ParentBased", "1", NotSampled, "00")]
    [InlineData("Ratio", "0", Sampled, "00")]
    [InlineData("Ratio", "1", NotSampled, "01")]
    [InlineData("AlwaysOff", "1", Sampled, "00")]
    public void Sampler_heeds_the_caller_or_does_not(string sampler, string ratio, string caller, string flags) =>
        Assert.Equal(flags == "01", Decides(new() { Sampler = Enum.Parse<TraceSampler>(sampler), SampleRatio = double.Parse(ratio, System.Globalization.CultureInfo.InvariantCulture) }, [], caller));

    [Theory]
    [InlineData(null, null, NotSampled, true)]
    [InlineData("always_off", null, Sampled, false)]
    [InlineData("parentbased_always_off", null, Sampled, true)]
    [InlineData("parentbased_always_on", null, NotSampled, false)]
    [InlineData("parentbased_traceidratio", "0", NotSampled, false)]
    [InlineData("traceidratio", "0", Sampled, false)]
    [InlineData("traceidratio", "nonsense", NotSampled, true)]
    public void Variables_of_open_telemetry_count_where_the_options_say_nothing(string? sampler, string? argument, string caller, bool sampled) =>
        Assert.Equal(sampled, Decides(new(), new() { ["OTEL_TRACES_SAMPLER"] = sampler, ["OTEL_TRACES_SAMPLER_ARG"] = argument }, caller));

    private static bool Decides(TelemetryOptions options, Dictionary<string, string?> variables, string caller)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(variables).Build();
        var parent = ActivityContext.Parse(caller, null);
        var parameters = new SamplingParameters(parent, parent.TraceId, "work", ActivityKind.Server, null, null);
        return SamplingRule.Of(options, configuration).ShouldSample(parameters).Decision is SamplingDecision.RecordAndSample;
    }

    private static async Task<string> TraceAsync(HostProcess host, string path)
    {
        using var response = await host.Client.GetAsync(path, Cancel);
        return response.Headers.GetValues("X-Trace-Id").Single();
    }

    // The trace's id as OTLP has it: bytes.
    private static bool Sent(StubServer collector, string trace) =>
        collector.Requests.Any(request => request.Body.AsSpan().IndexOf(Convert.FromHexString(trace)) >= 0);
}
