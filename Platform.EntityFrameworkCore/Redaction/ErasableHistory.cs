namespace Platform.EntityFrameworkCore.Redaction;

/// <summary>
/// What the database takes in the tables that only grow, the audit trail and the history of flags: nothing but that a transaction which erases a person takes the person
/// out of the free texts. For schema <c>platform</c>, behind <see cref="Audit.AuditProtection.Up"/> and <see cref="FeatureFlags.FlagSchema.Up"/>.
/// </summary>
public static class ErasableHistory
{
    /// <summary>Lets the rest of the transaction erase; without a transaction, nothing.</summary>
    internal const string Allow = "SELECT set_config('platform.erasing', 'on', true)";

    /// <summary>Replaces the triggers that refuse every UPDATE by ones that look at it.</summary>
    public const string Up = """
        CREATE FUNCTION platform.core_refuse_unless_erasing() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF current_setting('platform.erasing', true) = 'on' AND to_jsonb(NEW) - TG_ARGV = to_jsonb(OLD) - TG_ARGV THEN
                RETURN NEW;
            END IF;
            RAISE EXCEPTION '% only grows: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'insufficient_privilege';
        END $$;

        DROP TRIGGER core_security_audit_grows ON platform.core_security_audit;
        CREATE TRIGGER core_security_audit_grows BEFORE DELETE OR TRUNCATE ON platform.core_security_audit
            FOR EACH STATEMENT EXECUTE FUNCTION platform.core_security_audit_refuse();
        CREATE TRIGGER core_security_audit_keeps BEFORE UPDATE ON platform.core_security_audit
            FOR EACH ROW EXECUTE FUNCTION platform.core_refuse_unless_erasing('reason', 'details');
        ALTER TABLE platform.core_security_audit ENABLE ALWAYS TRIGGER core_security_audit_grows;
        ALTER TABLE platform.core_security_audit ENABLE ALWAYS TRIGGER core_security_audit_keeps;

        DROP TRIGGER core_feature_flag_audit_append_only ON platform.core_feature_flag_audit;
        CREATE TRIGGER core_feature_flag_audit_append_only BEFORE DELETE OR TRUNCATE ON platform.core_feature_flag_audit
            FOR EACH STATEMENT EXECUTE FUNCTION platform.core_feature_flag_audit_refuse();
        CREATE TRIGGER core_feature_flag_audit_keeps BEFORE UPDATE ON platform.core_feature_flag_audit
            FOR EACH ROW EXECUTE FUNCTION platform.core_refuse_unless_erasing('reason', 'before', 'after');
        """;

    /// <summary>Takes it back.</summary>
    public const string Down = """
        DROP FUNCTION platform.core_refuse_unless_erasing() CASCADE;
        DROP TRIGGER core_security_audit_grows ON platform.core_security_audit;
        CREATE TRIGGER core_security_audit_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON platform.core_security_audit
            FOR EACH STATEMENT EXECUTE FUNCTION platform.core_security_audit_refuse();
        ALTER TABLE platform.core_security_audit ENABLE ALWAYS TRIGGER core_security_audit_grows;
        DROP TRIGGER core_feature_flag_audit_append_only ON platform.core_feature_flag_audit;
        CREATE TRIGGER core_feature_flag_audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON platform.core_feature_flag_audit
            FOR EACH STATEMENT EXECUTE FUNCTION platform.core_feature_flag_audit_refuse();
        """;
}
