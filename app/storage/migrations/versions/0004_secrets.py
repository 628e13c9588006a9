"""What the gateway signs with"""

from secrets import token_bytes

import sqlalchemy as sa
from alembic import op

from app.storage import types
from app.storage.postgresql import ROLE

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    table = op.create_table(
        "secret",
        sa.Column("name", types.Word(), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_secret")),
    )
    op.bulk_insert(table, [{"name": "search_cursors", "value": token_bytes(32)}])
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f'GRANT SELECT ON "secret" TO {ROLE}')


def downgrade() -> None:
    op.drop_table("secret")
