"""What the records of a file refer to, made ready in one transaction before the first of them is written."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.services.close_format.custom_keys import Entries, chosen, is_unset
from app.services.close_format.faults import ImportFault
from app.services.close_format.fields import CustomFieldUse, FieldBook, prepare_fields
from app.services.close_format.learning import Learned
from app.services.close_format.statuses import Statuses, prepare_lead_statuses, prepare_opportunity_statuses
from app.services.close_format.summary import Made, Tally
from app.services.close_format.users import Users, prepare_users
from app.storage.organizations import Organization
from app.storage.session import ScopedSession


@dataclass(frozen=True)
class Directory:
    """The organization's users, statuses, types and fields, by what the file calls them."""

    currency: str
    users: Users
    lead_statuses: Statuses
    opportunity_statuses: Statuses
    fields: FieldBook

    @property
    def made(self) -> Made:
        return Made(
            tuple(self.users.made),
            tuple(self.lead_statuses.made),
            tuple(self.opportunity_statuses.made_pipelines),
            tuple(self.opportunity_statuses.made),
            tuple(self.fields.made_types),
            tuple(self.fields.made),
        )

    def custom_values(self, target: str, entries: Entries, tally: Tally) -> list[tuple[CustomFieldUse, Any]]:
        """The fields of a record's custom values; a value without a field on this target is counted."""
        found = []
        names: Mapping[str, str] = self.fields.names.get(target, {})
        for key, value, is_id in chosen(entries, names):
            known = self.fields.by_id if is_id else self.fields.by_name
            use = known.get((target, key))
            if use is not None:
                found.append((use, value))
            elif not is_unset(value):
                tally.warn(f"custom field {key[:100]}")
        return found


async def prepare(session: ScopedSession, learned: Learned, now: dt.datetime) -> Directory:
    organization = await session.get(Organization, session.actor.organization_id)
    if organization is None:
        raise ImportFault(f"There is no organization {session.actor.organization_id}.")
    await session.lock_organization()
    users = await prepare_users(session, learned.users)
    return Directory(
        organization["currency"],
        users,
        await prepare_lead_statuses(session, learned.lead_statuses),
        await prepare_opportunity_statuses(session, learned.opportunity_statuses),
        await prepare_fields(session, learned, users.ids, now),
    )
