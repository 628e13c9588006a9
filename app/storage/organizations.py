"""Organizations, their roles, users and keys. Organizations and keys are the only tables without a tenant."""

from datetime import datetime

from sqlalchemy import Boolean, Index, String
from sqlmodel import Field, SQLModel

from app.storage.reads import ascending, children, one
from app.storage.tables import Tenant, constraints, instant, json, link, prose, unique, word


class Organization(SQLModel, table=True):
    id: str = word(primary_key=True)
    name: str = prose()
    currency: str = Field(default="USD", sa_type=String(3))
    time_zone: str = word(default="UTC")
    date_created: datetime = instant()


class ApiKey(SQLModel, table=True):
    """A key is found by its id, the public first part; of the secret second part only the SHA-256 is kept."""

    __tablename__ = "api_key"
    __table_args__ = (
        link("user", "user_id", ondelete="CASCADE"),
        Index("ix_api_key_organization_id", "organization_id"),
    )
    id: str = word(primary_key=True)
    organization_id: str = word(foreign_key="organization.id", ondelete="CASCADE")
    user_id: str = word()
    name: str = prose()
    secret_hash: bytes
    loopback_only: bool = Field(default=False, sa_type=Boolean)
    date_created: datetime = instant()
    date_revoked: datetime | None = instant(default=None)


class Role(Tenant, table=True):
    __table_args__ = constraints(unique("name_key"))
    name: str = prose()
    name_key: str = word()
    permissions: list[str] = json()
    position: int = 0


class User(Tenant, table=True):
    __table_args__ = constraints(link("role", "role_id"))
    first_name: str | None = prose(default=None)
    last_name: str | None = prose(default=None)
    display_name: str = word()
    email: str | None = word(default=None)
    image_url: str | None = prose(default=None)
    time_zone: str | None = word(default=None)
    is_active: bool = Field(default=True, sa_type=Boolean)
    role_id: str | None = word(default=None)


organization_by_id = one(Organization)
role_by_id = one(Role)
user_by_id = one(User)
roles_in_organization = children(Role, of=Role.organization_id, order=[ascending(Role.position)])
users_in_organization = children(User, of=User.organization_id, order=[ascending(User.display_name)])
