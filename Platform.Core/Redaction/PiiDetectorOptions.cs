using System.ComponentModel.DataAnnotations;

namespace Platform.Redaction;

/// <summary>What a <see cref="PiiDetector"/> takes for a match.</summary>
public sealed class PiiDetectorOptions
{
    /// <summary>The least confidence of a match that has other text around it.</summary>
    /// <value>From 0.05 to 1; 0.5 by default: a format that few other things have, or digits with a checksum and a word that speaks of them.</value>
    [Range(0.05, 1)]
    public double MinimumConfidence { get; set; } = 0.5;

    /// <summary>
    /// Whether a text that is nothing but a value (a cell, a form field, a line of a list) is matched by its format alone, with
    /// whatever confidence that gives. Every type that fits is then reported.
    /// </summary>
    /// <value>False by default: the values of log calls are identifiers more often than not.</value>
    public bool BareValues { get; set; }
}
