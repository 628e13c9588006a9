"""Figures of custom values"""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Each field has items of its own: by the figures of single columns few values would seem to have a field's item.
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE STATISTICS custom_field_value_items (mcv) ON organization_id, field_id, item FROM custom_field_value"
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP STATISTICS custom_field_value_items")
