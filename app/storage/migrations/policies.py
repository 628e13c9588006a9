"""Row level security for tenant tables, and the views that searches read: what a migration calls for each table."""

from collections.abc import Sequence

from alembic import op
from sqlalchemy import text

from app.storage.postgresql import ROLE, SEARCH_ROLE, SEARCH_SCHEMA, SETTING

_MINE = f"organization_id = current_setting('{SETTING}', true)"


def make_role(name: str = ROLE) -> None:
    """The role that every connection takes on. It neither owns the tables nor bypasses their policies."""
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute(
        f"""
        DO $$ BEGIN
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{name}') THEN
                CREATE ROLE {name} NOLOGIN NOSUPERUSER NOBYPASSRLS;
            END IF;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
        END $$
        """
    )
    # Since PostgreSQL 16 who makes a role is a member of it, but may not take it on without a grant.
    right = "CASE WHEN current_setting('server_version_num')::int < 160000 THEN 'MEMBER' ELSE 'SET' END"
    if not op.get_bind().scalar(text(f"SELECT pg_has_role(current_user, '{name}', {right})")):
        op.execute(f"GRANT {name} TO CURRENT_USER")


def open_table(name: str) -> None:
    """Let the role work on a global table."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f'GRANT SELECT, INSERT, UPDATE, DELETE ON "{name}" TO {ROLE}')


def secure_table(name: str) -> None:
    """Let the role work on a tenant table, on the rows of the organization in the session's setting alone."""
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute(f'GRANT SELECT, INSERT, UPDATE, DELETE ON "{name}" TO {ROLE}')
    op.execute(f'ALTER TABLE "{name}" ENABLE ROW LEVEL SECURITY')
    op.execute(f'ALTER TABLE "{name}" FORCE ROW LEVEL SECURITY')
    op.execute(f'CREATE POLICY organization ON "{name}" USING ({_MINE}) WITH CHECK ({_MINE})')


def make_search() -> None:
    """The schema of the views that searches read, and the role that owns them, which the policies let see all rows."""
    if op.get_bind().dialect.name != "postgresql":
        return
    make_role(SEARCH_ROLE)
    # Who may not make schemas may still use one that was made before.
    if op.get_bind().scalar(text(f"SELECT to_regnamespace('{SEARCH_SCHEMA}') IS NULL")):
        op.execute(f"CREATE SCHEMA {SEARCH_SCHEMA}")
    op.execute(f"GRANT USAGE, CREATE ON SCHEMA {SEARCH_SCHEMA} TO {SEARCH_ROLE}")
    op.execute(f"GRANT USAGE ON SCHEMA {SEARCH_SCHEMA} TO {ROLE}")


def open_search(name: str) -> None:
    """Let searches read a tenant table, with all the columns that it has now. To be called again when it gets more.

    The view has the same condition as the policy, but is no barrier: conditions on words go down to their index.
    """
    if op.get_bind().dialect.name != "postgresql":
        return
    view = f'{SEARCH_SCHEMA}."{name}"'
    op.execute(f"DROP VIEW IF EXISTS {view}")
    op.execute(f'DROP POLICY IF EXISTS search ON "{name}"')
    op.execute(f'CREATE POLICY search ON "{name}" FOR SELECT TO {SEARCH_ROLE} USING (true)')
    op.execute(f'GRANT SELECT ON "{name}" TO {SEARCH_ROLE}')
    op.execute(f'CREATE VIEW {view} AS SELECT * FROM "{name}" WHERE {_MINE}')  # noqa: S608 - a table's name
    op.execute(f"ALTER VIEW {view} OWNER TO {SEARCH_ROLE}")
    op.execute(f"GRANT SELECT ON {view} TO {ROLE}")


def make_callers() -> None:
    """Who calls with a key, in one look: the key's active member with role and zones. It spans organizations, as keys
    do, and shows of a member no more than that."""
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    view = f"{SEARCH_SCHEMA}.caller" if is_postgresql else "caller"
    op.execute(
        f"""
        CREATE VIEW {view} AS
        SELECT k.id, k.organization_id, k.user_id, k.secret_hash, k.loopback_only, o.time_zone AS organization_zone,
            u.time_zone, u.role_id, r.permissions
        FROM api_key AS k
        JOIN organization AS o ON o.id = k.organization_id
        JOIN "user" AS u ON u.organization_id = k.organization_id AND u.id = k.user_id
        LEFT JOIN role AS r ON r.organization_id = u.organization_id AND r.id = u.role_id
        WHERE k.date_revoked IS NULL AND u.is_active
        """  # noqa: S608 - names of ours
    )
    if is_postgresql:
        op.execute(f"GRANT SELECT ON api_key, organization TO {SEARCH_ROLE}")
        op.execute(f"ALTER VIEW {view} OWNER TO {SEARCH_ROLE}")
        op.execute(f"GRANT SELECT ON {view} TO {ROLE}")


def make_statistics(tables: Sequence[str]) -> None:
    """Let the role have the planner's figures of these tables taken anew, which only their owner may.

    Another one who is at it already is waited for as little as may be: then those figures are new enough.
    """
    if op.get_bind().dialect.name != "postgresql":
        return
    schema = op.get_bind().scalar(text("SELECT quote_ident(current_schema())"))
    names = ", ".join(f'{schema}."{name}"' for name in tables)
    op.execute(
        f"""
        CREATE FUNCTION {SEARCH_SCHEMA}.refresh_statistics() RETURNS void
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$ BEGIN
            ANALYZE {names};
        EXCEPTION WHEN lock_not_available OR query_canceled THEN NULL;
        END $$
        """
    )
    op.execute(f"REVOKE ALL ON FUNCTION {SEARCH_SCHEMA}.refresh_statistics() FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION {SEARCH_SCHEMA}.refresh_statistics() TO {ROLE}")
