using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Platform.Audit;

namespace Platform.ServiceDefaults.TokenBinding;

/// <summary>
/// Counts, logs and audits uses of tokens by the wrong party. Whoever attacks decides how often that happens, so the same thing is audited
/// once in a while, with the number of times. Thread safe.
/// </summary>
internal sealed class BindingViolations
{
    public const string Fingerprint = "binding.fingerprint";
    public const string Replay = "binding.replay";
    public const string Downgrade = "binding.downgrade";
    public const string Proof = "binding.proof";
    public const string Certificate = "binding.certificate";
    public const string ForgedHeader = "binding.forged_header";

    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(10);

    // Past as many different things at once, the rest is counted together.
    private const int MaxKinds = 1000;

    private readonly ConcurrentDictionary<(string Action, string Target), Kind> _kinds = new();
    private readonly TimeProvider _time;
    private readonly ILogger<BindingViolations> _logger;

    public BindingViolations(TimeProvider time, ILogger<BindingViolations> logger)
    {
        (_time, _logger) = (time, logger);

        // The first violation is no increase of what was not there.
        foreach (var action in new[] { Fingerprint, Replay, Downgrade, Proof, Certificate, ForgedHeader })
        {
            Telemetry.Violations.Add(0, new KeyValuePair<string, object?>(Telemetry.ActionTag, action));
        }
    }

    /// <summary>Reports one.</summary>
    /// <param name="context">The request.</param>
    /// <param name="action">One of the names above.</param>
    /// <param name="target">What was misused, as an id.</param>
    /// <param name="reason">Why it is one.</param>
    /// <param name="actor">The subject of the token, where one was good apart from this.</param>
    public async Task ReportAsync(HttpContext context, string action, string target, string reason, string? actor = null)
    {
        Telemetry.Violations.Add(1, new KeyValuePair<string, object?>(Telemetry.ActionTag, action));
        var times = Due(action, target);
        if (times == 0)
        {
            return;
        }

        Log.Violation(_logger, action, target, reason, times);
        if (context.RequestServices.GetService<IAuditTrail>() is not { } trail)
        {
            return;
        }

        try
        {
            await trail.RecordAloneAsync(
                new AuditEvent(action, target, AuditOutcome.Denied, reason)
                {
                    Actor = actor ?? "unknown",
                    Details = new Dictionary<string, string> { ["times"] = times.ToString(CultureInfo.InvariantCulture) },
                },
                context.RequestAborted);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The refusal stands, audited or not; the log has it.
            Log.NotAudited(_logger, action, e);
        }
    }

    // How many are to be reported now: the first at once, those of the next seconds together with the first after them.
    private int Due(string action, string target)
    {
        if (_kinds.Count >= MaxKinds)
        {
            Forget();
            if (_kinds.Count >= MaxKinds)
            {
                target = "other";
            }
        }

        var kind = _kinds.GetOrAdd((action, target), static _ => new Kind());
        lock (kind)
        {
            kind.Times++;
            var now = _time.GetTimestamp();
            if (kind.Reported is { } last && _time.GetElapsedTime(last, now) < Quiet)
            {
                return 0;
            }

            (var times, kind.Times, kind.Reported) = (kind.Times, 0, now);
            return times;
        }
    }

    private void Forget()
    {
        foreach (var (key, kind) in _kinds)
        {
            if (kind.Reported is { } last && _time.GetElapsedTime(last) > Quiet)
            {
                _kinds.TryRemove(key, out _);
            }
        }
    }

    private sealed class Kind
    {
        public int Times { get; set; }

        public long? Reported { get; set; }
    }
}
