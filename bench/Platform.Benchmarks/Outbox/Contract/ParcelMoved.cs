using System.Globalization;
using System.Text.Json.Serialization;

namespace Platform.Benchmarks.Outbox.Contract;

/// <summary>The event that every peer carries: about 230 bytes of JSON.</summary>
/// <param name="EventId">The id that the inbox remembers.</param>
/// <param name="Number">0 for the first of a run, then one more each.</param>
/// <param name="Parcel">The aggregate, one of <see cref="Parcels"/> in rotation.</param>
/// <param name="Step">The event's place among those of its aggregate.</param>
/// <param name="From">Where it was.</param>
/// <param name="To">Where it is.</param>
/// <param name="Weight">In kilograms.</param>
/// <param name="At">When it happened.</param>
/// <param name="Note">Free text.</param>
public sealed record ParcelMoved(
    Guid EventId,
    int Number,
    int Parcel,
    int Step,
    string From,
    string To,
    decimal Weight,
    DateTimeOffset At,
    string Note)
{
    /// <summary>How many aggregates there are.</summary>
    public const int Parcels = 256;

    /// <summary>The event of one number in a run.</summary>
    public static ParcelMoved Of(int number, DateTimeOffset at) => new(
        Guid.CreateVersion7(at),
        number,
        number % Parcels,
        number / Parcels,
        "Rotterdam, Maasvlakte",
        "Frankfurt am Main",
        12.5m + (number % 100),
        at,
        "handed over at the dock");

    /// <summary>The aggregate's id on the wire.</summary>
    public static string ParcelId(int parcel) => parcel.ToString(CultureInfo.InvariantCulture);
}

/// <summary>How the event is written by every peer that lets its user choose.</summary>
[JsonSerializable(typeof(ParcelMoved))]
public sealed partial class ParcelJson : JsonSerializerContext;
