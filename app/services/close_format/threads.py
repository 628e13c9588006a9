"""Email threads that a file's emails belong to without its having a record of them."""

import re
from collections.abc import Collection, Iterable
from email.utils import getaddresses
from typing import Any

from app.domain.activities import ActivityType
from app.services.close_format.kinds import ACTIVITY, Draft
from app.services.close_format.reading import current

_PREFIXES = re.compile(r"(\s*(re|fwd?|aw|wg|sv|antw)\s*(\[\d+\])?\s*:)+\s*", re.IGNORECASE)


def made_threads(lead_id: str, children: Iterable[Draft], known: Collection[str]) -> list[Draft]:
    """A thread for each id that emails name, unless it is known or among the lead's children."""
    own = [child for child in children if child.kind is ACTIVITY]
    threads = {child.id for child in own if child.columns["type"] is ActivityType.EMAIL_THREAD}
    emails: dict[str, list[Draft]] = {}
    for child in own:
        thread_id = child.columns.get("thread_id")
        if thread_id is not None and thread_id not in threads and thread_id not in known:
            emails.setdefault(thread_id, []).append(child)
    return [_thread(lead_id, id, sorted(members, key=_date)) for id, members in emails.items()]


def normalized_subject(subject: str | None) -> str | None:
    """A subject without the marks of replies and forwards before it."""
    return (_PREFIXES.sub("", subject, count=1) if _PREFIXES.match(subject) else subject) if subject else None


def _thread(lead_id: str, id: str, emails: list[Draft]) -> Draft:
    first, last = emails[0], emails[-1]
    created = current(first, "date_created")
    columns = {
        "lead_id": lead_id,
        "type": ActivityType.EMAIL_THREAD,
        "contact_id": first.columns.get("contact_id"),
        "date": _date(last),
        "date_created": created,
        "date_updated": max(created, current(last, "date_created")),
        "subject": normalized_subject(last.columns.get("subject")),
    }
    return Draft(ACTIVITY, id, first.path, {}, columns, {"participants": _participants(emails)})


def _participants(emails: Iterable[Draft]) -> list[dict[str, str]]:
    lines = [
        line
        for email in emails
        for line in [
            email.columns.get("sender") or "",
            *(address for name in ("to", "cc", "bcc") for address in email.details.get(name) or ()),
        ]
    ]
    people: dict[str, str] = {}
    for name, address in getaddresses(lines):
        if address:
            people[address] = people.get(address) or name
    return [{"email": address, **({"name": name} if name else {})} for address, name in people.items()]


def _date(email: Draft) -> Any:
    return current(email, "date")
