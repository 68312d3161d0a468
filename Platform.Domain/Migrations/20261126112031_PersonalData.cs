using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Platform.Domain.Migrations
{
    /// <inheritdoc />
    public partial class PersonalData : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // PostgreSQL changes no type of a column that another is generated from. In one transaction, nobody sees it away.
            migrationBuilder.DropIndex(
                name: "ix_customers_email_key",
                schema: "commerce",
                table: "customers");

            migrationBuilder.DropColumn(
                name: "email_key",
                schema: "commerce",
                table: "customers");

            migrationBuilder.AlterColumn<string>(
                name: "email",
                schema: "commerce",
                table: "customers",
                type: "character varying(1071)",
                maxLength: 1071,
                nullable: false,
                oldClrType: typeof(string),
                oldType: "character varying(254)",
                oldMaxLength: 254);

            migrationBuilder.AddColumn<string>(
                name: "email_key",
                schema: "commerce",
                table: "customers",
                type: "text",
                nullable: true,
                computedColumnSql: "lower(email)",
                stored: true);

            migrationBuilder.CreateIndex(
                name: "ix_customers_email_key",
                schema: "commerce",
                table: "customers",
                column: "email_key",
                unique: true);

            migrationBuilder.AddColumn<byte[]>(
                name: "email_hash",
                schema: "commerce",
                table: "customers",
                type: "bytea",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "ix_customers_email_hash",
                schema: "commerce",
                table: "customers",
                column: "email_hash",
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_customers_email_hash",
                schema: "commerce",
                table: "customers");

            migrationBuilder.DropColumn(
                name: "email_hash",
                schema: "commerce",
                table: "customers");

            migrationBuilder.DropIndex(
                name: "ix_customers_email_key",
                schema: "commerce",
                table: "customers");

            migrationBuilder.DropColumn(
                name: "email_key",
                schema: "commerce",
                table: "customers");

            migrationBuilder.AlterColumn<string>(
                name: "email",
                schema: "commerce",
                table: "customers",
                type: "character varying(254)",
                maxLength: 254,
                nullable: false,
                oldClrType: typeof(string),
                oldType: "character varying(1071)",
                oldMaxLength: 1071);

            migrationBuilder.AddColumn<string>(
                name: "email_key",
                schema: "commerce",
                table: "customers",
                type: "text",
                nullable: true,
                computedColumnSql: "lower(email)",
                stored: true);

            migrationBuilder.CreateIndex(
                name: "ix_customers_email_key",
                schema: "commerce",
                table: "customers",
                column: "email_key",
                unique: true);
        }
    }
}
