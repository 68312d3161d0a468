namespace Platform.Identity;

/// <summary>Gives the caller of the work at hand. The host's edge implements it; thread safe.</summary>
public interface ICallerAccessor
{
    /// <summary>The present caller; <see cref="Caller.Anonymous"/> without a token and where there is no request.</summary>
    Caller Current { get; }
}
