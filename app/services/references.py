"""The people that an input names: members of the organization, and contacts of a lead."""

from app.domain.checks import Checks
from app.domain.errors import NotFound
from app.services.work import Work
from app.storage.contacts import Contact
from app.storage.organizations import User


async def check_member(work: Work, checks: Checks, id: str, *path: str) -> None:
    """The user has to be an active member (rule T1)."""
    user = await work.session.get(User, id)
    if user is None or not user["is_active"]:
        checks.invalid(f"{id} is not an active member of the organization.", *path)


async def check_contact(work: Work, checks: Checks, id: str, lead_id: str | None, *path: str) -> None:
    """The contact has to be one of the lead's (rule A11); it is kept from being removed meanwhile."""
    contact = (await work.session.lock(Contact, [id])).get(id)
    if contact is None:
        checks.add(NotFound("contact", id, [*checks.path, *path]))
    elif contact["lead_id"] != lead_id:
        checks.invalid(f"{id} is a contact of another lead.", *path)
