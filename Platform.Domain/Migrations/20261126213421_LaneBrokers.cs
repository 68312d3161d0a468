using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Platform.Domain.Migrations
{
    /// <inheritdoc />
    public partial class LaneBrokers : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "broker",
                schema: "platform",
                table: "core_subscription_lane",
                type: "character varying(40)",
                maxLength: 40,
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "least_epoch",
                schema: "platform",
                table: "core_subscription_lane",
                type: "bigint",
                nullable: true);

            // These brokers were filled before it was written down that they are.
            migrationBuilder.Sql("UPDATE platform.core_subscription_lane SET least_epoch = 0 WHERE NOT reads_log AND position > 0");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "broker",
                schema: "platform",
                table: "core_subscription_lane");

            migrationBuilder.DropColumn(
                name: "least_epoch",
                schema: "platform",
                table: "core_subscription_lane");
        }
    }
}
