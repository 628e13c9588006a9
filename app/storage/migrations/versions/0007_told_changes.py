"""Changes that are told: of what callers and custom fields are"""

from alembic import op

from app.storage.changes import CHANNEL
from app.storage.postgresql import SEARCH_SCHEMA

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

# A new row changes nothing that was found before, but a field's new place does.
TABLES = {
    "api_key": "UPDATE OR DELETE OR TRUNCATE",
    "custom_field": "UPDATE OR DELETE OR TRUNCATE",
    "custom_field_placement": "INSERT OR UPDATE OR DELETE OR TRUNCATE",
    "organization": "UPDATE OR DELETE OR TRUNCATE",
    "role": "UPDATE OR DELETE OR TRUNCATE",
    "user": "UPDATE OR DELETE OR TRUNCATE",
}
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
    # One statement, or a thousand in a transaction, tell once.
    for table, changes in TABLES.items():
        op.execute(
            f'CREATE TRIGGER tell_of_changes AFTER {changes} ON "{table}"'
            f" FOR EACH STATEMENT EXECUTE FUNCTION {FUNCTION}()"
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"DROP FUNCTION {FUNCTION}() CASCADE")
