using System.ComponentModel.DataAnnotations;

namespace Platform.GraphQL;

/// <summary>How the GraphQL endpoint behaves and what it refuses. Section <c>Platform:GraphQL</c>.</summary>
internal sealed class GraphQLOptions
{
    /// <summary>The section of the configuration.</summary>
    public const string SectionName = "Platform:GraphQL";

    /// <summary>The most bytes that a request's body may have; a larger one is refused with 413.</summary>
    /// <value>262,144 bytes by default; 1,024 to 16 MiB.</value>
    [Range(1_024, 16 * 1_024 * 1_024)]
    public int MaxBodyBytes { get; set; } = 262_144;

    /// <summary>The most characters of a document.</summary>
    /// <value>65,536 by default. Variables, which are cheaper to read, have the rest of the body.</value>
    [Range(1_024, 4 * 1_024 * 1_024)]
    public int MaxDocumentLength { get; set; } = 65_536;

    /// <summary>The most characters of one line of a document.</summary>
    /// <value>
    /// 8,192 by default: the parser draws the place of a syntax error at a cost that grows with the square of its column.
    /// </value>
    [Range(128, 65_536)]
    public int MaxLineLength { get; set; } = 8_192;

    /// <summary>The most tokens (GraphQL specification, section 2.1.6) that a document may have, comments included.</summary>
    /// <value>4,000 by default; counted before anything is parsed.</value>
    [Range(100, 1_000_000)]
    public int MaxTokens { get; set; } = 4_000;

    /// <summary>How deep fields may nest; fragments add nothing.</summary>
    /// <value>15 by default, which the introspection query of graphql-js just reaches.</value>
    [Range(1, 100)]
    public int MaxDepth { get; set; } = 15;

    /// <summary>The most selections of a document, counted in each place where a fragment is spread.</summary>
    /// <value>500 by default.</value>
    [Range(10, 100_000)]
    public int MaxSelections { get; set; } = 500;

    /// <summary>How often a document may select one field of the response, by way of its fragments for example.</summary>
    /// <value>100 by default: validation compares what is merged in pairs, and reports each pair that differs.</value>
    [Range(1, 10_000)]
    public int MaxRepeats { get; set; } = 100;

    /// <summary>The most fields at the root of an operation.</summary>
    /// <value>30 by default.</value>
    [Range(1, 10_000)]
    public int MaxRootFields { get; set; } = 30;

    /// <summary>The most aliases of a document, counted in each place where a fragment is spread.</summary>
    /// <value>60 by default.</value>
    [Range(0, 10_000)]
    public int MaxAliases { get; set; } = 60;

    /// <summary>The most directives of a document.</summary>
    /// <value>50 by default; counted before anything is parsed.</value>
    [Range(0, 10_000)]
    public int MaxDirectives { get; set; } = 50;

    /// <summary>The most fields at the root of a mutation, each of which changes something.</summary>
    /// <value>10 by default: a request is no way to try many passwords, or to place many orders, at the price of one.</value>
    [Range(1, 1_000)]
    public int MaxMutations { get; set; } = 10;

    /// <summary>The most operations of a batch: a body that is a list of requests. They are executed one after another.</summary>
    /// <value>0 by default: batches are refused.</value>
    [Range(0, 1_000)]
    public int MaxBatchOperations { get; set; }

    /// <summary>The most bytes of a file that comes in a form with a request. Forms are taken where this is set, and refused with 415 elsewhere.</summary>
    /// <value>0 by default: no forms; at most 1 GiB.</value>
    [Range(0, 1_024L * 1_024 * 1_024)]
    public long MaxUploadBytes { get; set; }

    /// <summary>The most files of a form.</summary>
    /// <value>10 by default.</value>
    [Range(1, 100)]
    public int MaxUploadFiles { get; set; } = 10;

    /// <summary>The most errors of one answer; the rest is left out.</summary>
    /// <value>5 by default.</value>
    [Range(1, 100)]
    public int MaxErrors { get; set; } = 5;

    /// <summary>How long an operation may run until it is cancelled, down to the SQL.</summary>
    /// <value>10 s by default; 0.1 s to 5 min.</value>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:05:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The permission to introspect the schema, and to be told of the fields that one may have meant.</summary>
    /// <value><c>operate</c> by default; <c>*</c> for everyone, as it is in Development.</value>
    public string? Introspection { get; set; }

    /// <summary>How long a body may pause while it comes in, before its connection is given up.</summary>
    /// <value>5 s by default; 1 s to 1 min. It has to come with at least 1,000 bytes a second after that.</value>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan BodyGrace { get; set; } = TimeSpan.FromSeconds(5);
}
