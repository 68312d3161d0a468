using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Platform.Domain.Migrations
{
    /// <inheritdoc />
    public partial class EmergencyRequests : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ux_core_secret_rotation_unfinished",
                schema: "platform",
                table: "core_secret_rotation");

            migrationBuilder.CreateIndex(
                name: "ux_core_secret_rotation_requested",
                schema: "platform",
                table: "core_secret_rotation",
                column: "name",
                unique: true,
                filter: "state = 0");

            migrationBuilder.CreateIndex(
                name: "ux_core_secret_rotation_unfinished",
                schema: "platform",
                table: "core_secret_rotation",
                column: "name",
                unique: true,
                filter: "state IN (1, 2, 3)");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ux_core_secret_rotation_requested",
                schema: "platform",
                table: "core_secret_rotation");

            migrationBuilder.DropIndex(
                name: "ux_core_secret_rotation_unfinished",
                schema: "platform",
                table: "core_secret_rotation");

            migrationBuilder.CreateIndex(
                name: "ux_core_secret_rotation_unfinished",
                schema: "platform",
                table: "core_secret_rotation",
                column: "name",
                unique: true,
                filter: "state < 4");
        }
    }
}
