"""Who asks, and what a role may allow (rule X1)."""

from dataclasses import dataclass
from enum import StrEnum


class Permission(StrEnum):
    """Something that a role may allow; what none names is open to each member. Values may be added."""

    MANAGE_ORGANIZATION = "manage_organization"
    """Manage custom fields, activity types, statuses, pipelines and templates."""
    MANAGE_GROUP_PHONE_NUMBERS = "manage_group_phone_numbers"
    """Rent, change and delete group phone numbers."""
    DELETE_LEADS = "delete_leads"
    """Delete leads."""
    MERGE_LEADS = "merge_leads"
    """Merge leads."""
    BULK_EDIT = "bulk_edit"
    """Change many tasks at once."""


EVERYTHING = frozenset(Permission)

BUILT_IN_ROLES: dict[str, frozenset[Permission]] = {
    "Admin": EVERYTHING,
    "Manager": EVERYTHING - {Permission.MANAGE_ORGANIZATION},
    "User": frozenset(),
}


@dataclass(frozen=True)
class Actor:
    """The caller inside one organization. Without a user it is the system itself: an import, a command."""

    organization_id: str
    user_id: str | None = None
    role_id: str | None = None
    permissions: frozenset[Permission] = frozenset()
    time_zone: str | None = None

    def __post_init__(self) -> None:
        if not self.organization_id:
            raise ValueError("an actor belongs to an organization")

    @classmethod
    def system(cls, organization_id: str) -> "Actor":
        """The administrator that commands and imports run as."""
        return cls(organization_id, permissions=EVERYTHING)
