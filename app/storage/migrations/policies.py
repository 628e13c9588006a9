"""Row level security for tenant tables: what a migration calls for each table that it makes."""

from alembic import op
from sqlalchemy import text

from app.storage.postgresql import ROLE, SETTING


def make_role() -> None:
    """The role that every connection takes on. It neither owns the tables nor bypasses their policies."""
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute(
        f"""
        DO $$ BEGIN
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{ROLE}') THEN
                CREATE ROLE {ROLE} NOLOGIN NOSUPERUSER NOBYPASSRLS;
            END IF;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
        END $$
        """
    )
    # Since PostgreSQL 16 who makes a role is a member of it, but may not take it on without a grant.
    right = "CASE WHEN current_setting('server_version_num')::int < 160000 THEN 'MEMBER' ELSE 'SET' END"
    if not op.get_bind().scalar(text(f"SELECT pg_has_role(current_user, '{ROLE}', {right})")):
        op.execute(f"GRANT {ROLE} TO CURRENT_USER")


def open_table(name: str) -> None:
    """Let the role work on a global table."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f'GRANT SELECT, INSERT, UPDATE, DELETE ON "{name}" TO {ROLE}')


def secure_table(name: str) -> None:
    """Let the role work on a tenant table, on the rows of the organization in the session's setting alone."""
    if op.get_bind().dialect.name != "postgresql":
        return
    mine = f"organization_id = current_setting('{SETTING}', true)"
    op.execute(f'GRANT SELECT, INSERT, UPDATE, DELETE ON "{name}" TO {ROLE}')
    op.execute(f'ALTER TABLE "{name}" ENABLE ROW LEVEL SECURITY')
    op.execute(f'ALTER TABLE "{name}" FORCE ROW LEVEL SECURITY')
    op.execute(f'CREATE POLICY organization ON "{name}" USING ({mine}) WITH CHECK ({mine})')
