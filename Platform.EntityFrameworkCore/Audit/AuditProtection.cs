namespace Platform.EntityFrameworkCore.Audit;

/// <summary>What the migration of the audit tables runs besides making them: the database itself refuses to change or remove a row.</summary>
public static class AuditProtection
{
    /// <summary>
    /// Triggers against UPDATE, DELETE and TRUNCATE on rows and links. They fire also where <c>session_replication_role</c> switches ordinary
    /// ones off (PostgreSQL manual, ALTER TABLE, ENABLE ALWAYS TRIGGER). Only the owner of the tables can take them away, which is
    /// what the chain is for.
    /// </summary>
    public const string Up = """
        CREATE FUNCTION platform.core_security_audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION '% only grows: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'insufficient_privilege';
        END $$;
        CREATE TRIGGER core_security_audit_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON platform.core_security_audit
            FOR EACH STATEMENT EXECUTE FUNCTION platform.core_security_audit_refuse();
        CREATE TRIGGER core_security_audit_seal_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON platform.core_security_audit_seal
            FOR EACH STATEMENT EXECUTE FUNCTION platform.core_security_audit_refuse();
        ALTER TABLE platform.core_security_audit ENABLE ALWAYS TRIGGER core_security_audit_grows;
        ALTER TABLE platform.core_security_audit_seal ENABLE ALWAYS TRIGGER core_security_audit_seal_grows;
        """;

    /// <summary>Takes it back.</summary>
    public const string Down = "DROP FUNCTION platform.core_security_audit_refuse() CASCADE;";
}
