"""Callers by their keys"""

from alembic import op

from app.storage.migrations.policies import make_callers

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    make_callers()


def downgrade() -> None:
    schema = "crm_search." if op.get_bind().dialect.name == "postgresql" else ""
    op.execute(f"DROP VIEW {schema}caller")
