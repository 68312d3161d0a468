namespace Platform.EntityFrameworkCore.Conditional;

/// <summary>The SQL of the log of changes that EF Core does not make, for migrations.</summary>
/// <remarks>A trigger, because a change that is not logged makes answers wrong: one that somebody makes by hand, or in bulk, counts too.</remarks>
public static class ChangeTriggers
{
    /// <summary>The function of the triggers. Its arguments: kind, and the column that names the resource.</summary>
    public const string Up = """
        CREATE FUNCTION platform.core_log_change() RETURNS trigger LANGUAGE plpgsql AS $function$
        DECLARE
            changed record;
            id uuid;
        BEGIN
            IF TG_OP = 'DELETE' THEN changed := OLD; ELSE changed := NEW; END IF;
            IF TG_ARGV[1] = 'order_id' THEN id := changed.order_id; ELSE id := changed.id; END IF;
            INSERT INTO platform.core_change (kind, resource_id, deleted) VALUES (TG_ARGV[0], id, TG_OP = 'DELETE');
            RETURN NULL;
        END
        $function$
        """;

    /// <summary>Removes the function.</summary>
    public const string Down = "DROP FUNCTION IF EXISTS platform.core_log_change() CASCADE";

    /// <summary>Has changes of a table logged.</summary>
    /// <param name="table">With its schema.</param>
    /// <param name="kind">The kind of resource.</param>
    /// <param name="column"><c>id</c> or <c>order_id</c>.</param>
    public static string On(string table, string kind, string column = "id") => $"""
        CREATE TRIGGER core_log_change AFTER INSERT OR UPDATE OR DELETE ON {table}
        FOR EACH ROW EXECUTE FUNCTION platform.core_log_change('{kind}', '{column}')
        """;
}
