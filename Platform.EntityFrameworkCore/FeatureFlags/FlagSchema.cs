namespace Platform.EntityFrameworkCore.FeatureFlags;

/// <summary>What the tables of feature flags need besides what EF Core makes, for schema <c>platform</c>.</summary>
public static class FlagSchema
{
    /// <summary>
    /// Adds the one row of state, with a key for visitors that only this database knows, and makes the audit refuse everything but new rows.
    /// </summary>
    public const string Up = """
        INSERT INTO platform.core_feature_flag_state (id, version, next_position, visitor_key, changed_at)
        VALUES (1, 0, 1, decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex'), now())
        ON CONFLICT DO NOTHING;

        CREATE OR REPLACE FUNCTION platform.core_feature_flag_audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'The audit of feature flags takes new rows only: % is refused.', TG_OP USING ERRCODE = 'insufficient_privilege';
        END $$;

        CREATE TRIGGER core_feature_flag_audit_append_only
            BEFORE UPDATE OR DELETE OR TRUNCATE ON platform.core_feature_flag_audit
            FOR EACH STATEMENT EXECUTE FUNCTION platform.core_feature_flag_audit_refuse();
        """;

    /// <summary>Takes it away again.</summary>
    public const string Down = """
        DROP TRIGGER IF EXISTS core_feature_flag_audit_append_only ON platform.core_feature_flag_audit;
        DROP FUNCTION IF EXISTS platform.core_feature_flag_audit_refuse();
        """;
}
