"""Changes that are told: of what callers and custom fields are"""

from alembic import op

from app.storage.changes import CHANNEL
from app.storage.postgresql import SEARCH_SCHEMA

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TABLES = ("api_key", "custom_field", "custom_field_placement", "organization", "role", "user")
FUNCTION = f"{SEARCH_SCHEMA}.tell_of_changes"


def upgrade() -> None:
    # SQLite counts the changes of a file by itself.
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute(
        f"""
        CREATE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            PERFORM pg_catalog.pg_notify('{CHANNEL}', '');
            RETURN NULL;
        END $$
        """
    )
    # What is new changes nothing that was found before. One statement, or a thousand in a transaction, tell once.
    for table in TABLES:
        op.execute(
            f'CREATE TRIGGER tell_of_changes AFTER UPDATE OR DELETE OR TRUNCATE ON "{table}"'
            f" FOR EACH STATEMENT EXECUTE FUNCTION {FUNCTION}()"
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"DROP FUNCTION {FUNCTION}() CASCADE")
