"""Notes: create, update."""

import datetime as dt
from typing import Any, TypedDict

from app.domain.activities import ActivityType
from app.domain.checks import MAX_TEXT, Checks
from app.domain.errors import NotFound
from app.services.records import record
from app.services.references import check_contact, check_member
from app.services.work import Done, Work, check_version, use_case
from app.storage.activities import Activity
from app.storage.leads import Lead


class NoteFields(TypedDict, total=False):
    """A note's members; in a change the ones that are there are written."""

    contact_id: str | None
    text: str | None
    date: dt.datetime | None


@use_case()
async def create(
    work: Work,
    *,
    lead_id: str,
    text: str,
    contact_id: str | None = None,
    date: dt.datetime | None = None,
    user_id: str | None = None,
) -> Done:
    """A new note on a lead; the caller's and of this moment unless given."""
    await work.require(Lead, lead_id, "lead", ["lead_id"])
    checks = Checks()
    note: dict[str, Any] = {
        "text": checks.text({"text": text}, "text", MAX_TEXT, required=True),
        "contact_id": contact_id,
        "user_id": user_id or work.actor.user_id,
        "date": date or work.clock.now,
    }
    if contact_id is not None:
        await check_contact(work, checks, contact_id, lead_id, "contact_id")
    if user_id is not None:
        await check_member(work, checks, user_id, "user_id")
    checks.finish()
    return {"note_id": await record(work, ActivityType.NOTE, lead_id, **note)}


@use_case()
async def update(work: Work, *, id: str, patch: NoteFields, expected_version: int | None = None) -> Done:
    """Write the members of a patch. HTML that an import brought goes when the text is another one."""
    row = await work.require(Activity, id, "note")
    if row["type"] is not ActivityType.NOTE:
        raise NotFound("note", id, ["id"])
    check_version(row, expected_version)
    checks = Checks(["patch"])
    checks.present(patch, "date")
    values: dict[str, Any] = {name: patch[name] for name in ("contact_id", "date") if name in patch}
    if "text" in patch:
        values["text"] = checks.text(patch, "text", MAX_TEXT, required=True)
        if values["text"] != row["text"]:
            values["text_html"] = None
    if (contact_id := values.get("contact_id")) is not None:
        await check_contact(work, checks, contact_id, row["lead_id"], "contact_id")
    checks.finish()
    await work.change(Activity, row, values)
    return {"note_id": id}
