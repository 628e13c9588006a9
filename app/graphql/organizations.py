"""The organization, its users and roles, and the caller."""

from app.domain.access import Permission
from app.graphql.connections import Connection
from app.graphql.declare import object_type
from app.graphql.fields import connection, related
from app.graphql.nodes import Kind, Node
from app.graphql.scalars import URL, TimeZone
from app.storage import organizations
from app.storage.reads import Read


@object_type
class Organization(Node):
    """The organization that the caller works in."""

    name: str
    """The organization's name."""
    currency: str
    """The ISO 4217 code of the default currency."""
    time_zone: TimeZone
    """The time zone used when neither the request nor the user names one."""


@object_type
class Role(Node):
    """A named set of permissions."""

    name: str
    """The role's name."""
    permissions: list[Permission]
    """What members with this role may do."""


@object_type
class User(Node):
    """A current or former member of the organization."""

    first_name: str | None
    """The given name."""
    last_name: str | None
    """The family name."""
    display_name: str
    """The full name shown to others."""
    email: str | None
    """The login email address."""
    image_url: URL | None
    """A picture of the user."""
    time_zone: TimeZone | None
    """The user's time zone."""
    is_active: bool
    """Whether the user is still a member."""
    role: Role | None = related(organizations.role_by_id, "role_id")
    """The user's role; null for former members."""


def members(read: Read, is_active: bool | None = None) -> Read:
    return read if is_active is None else read.where(read.table.c.is_active == is_active)


@object_type
class OrganizationQueries:
    """The row is the actor: what belongs to the organization is a child of it."""

    viewer: User = related(organizations.user_by_id, "user_id")
    """The caller."""
    organization: Organization = related(organizations.organization_by_id, "organization_id")
    """The caller's organization."""
    user: User | None = related(organizations.user_by_id, argument="id")
    """A user."""
    users: Connection[User] = connection(organizations.users_in_organization, "organization_id", narrow=members)
    """Members of the organization."""
    roles: list[Role] = related(organizations.roles_in_organization, "organization_id")
    """The roles of the organization."""


KINDS = [
    Kind("orga_", organizations.organization_by_id, "Organization"),
    Kind("user_", organizations.user_by_id, "User"),
    Kind("role_", organizations.role_by_id, "Role"),
]
