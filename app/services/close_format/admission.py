"""Which objects of a batch may be written: no id stands for two things, and what an object refers to is there."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace

from app.services.close_format.kinds import ACTIVITY, CONTACT, LEAD, Draft, LeadDraft, Rejection
from app.services.close_format.stored import Stored
from app.services.close_format.summary import Tally
from app.services.close_format.threads import made_threads


@dataclass
class Admitted:
    """A lead with the children that are to be written."""

    index: int
    lead: Draft
    children: list[Draft]


@dataclass
class Admission:
    """The decisions on one batch. Drafts stay as they are, for a transaction may have to run again."""

    stored: Stored
    contact_fields: Collection[str]
    tally: Tally = field(default_factory=Tally)
    leads: list[Admitted] = field(default_factory=list)
    rejections: list[Rejection] = field(default_factory=list)
    _seen: dict[str, str] = field(default_factory=dict)

    def admit(self, draft: LeadDraft) -> None:
        lead = draft.lead
        reason = self._refusal(lead, lead.id)
        if reason:
            self.rejections.append(Rejection(draft.index, "id", reason, lead.record, lead.id))
            return
        self._seen[lead.id] = LEAD.name
        self.rejections.extend(draft.rejections)
        children = []
        for child in draft.children:
            reason = self._refusal(child, lead.id)
            if reason:
                self.rejections.append(Rejection(draft.index, f"{child.path}.id", reason, child.record, lead.id))
            else:
                self._seen[child.id] = child.kind.name
                children.append(child)
        contacts = {child.id for child in children if child.kind is CONTACT}
        contacts |= {id for id, row in self.stored.rows[CONTACT].items() if row["lead_id"] == lead.id}
        lead, *children = [self._with_contacts(child, contacts) for child in [lead, *children]]
        self.leads.append(Admitted(draft.index, lead, self._with_threads(lead.id, children)))

    def _refusal(self, draft: Draft, lead_id: str) -> str | None:
        """Why an id cannot be this object's."""
        if draft.id in self._seen:
            return f"{draft.id} is used before, for {_article(self._seen[draft.id])}"
        owner = self.stored.taken.get(draft.id, draft.kind.name)
        if owner != draft.kind.name:
            return f"{draft.id} is the id of {_article(owner)} in the organization"
        row = self.stored.rows[draft.kind].get(draft.id)
        if row is None or draft.kind is LEAD:
            return None
        if row["lead_id"] != lead_id:
            return f"{draft.id} is {_article(draft.kind.name)} of another lead in the organization"
        if draft.kind is ACTIVITY and row["type"] != draft.columns["type"]:
            return f"{draft.id} is an activity of another type in the organization"
        return None

    def _with_contacts(self, draft: Draft, contacts: set[str]) -> Draft:
        """The draft without references to contacts that are not the lead's."""
        if draft.columns.get("contact_id") not in {None, *contacts}:
            draft = replace(draft, columns=draft.columns | {"contact_id": None})
            self.tally.warn("contact of another lead")
        for id in draft.values.keys() & self.contact_fields:
            rows = [row for row in draft.values[id] if row["item"] in contacts]
            if len(rows) < len(draft.values[id]):
                draft = replace(draft, values=draft.values | {id: rows})
                self.tally.warn("contact of another lead")
        return draft

    def _with_threads(self, lead_id: str, children: list[Draft]) -> list[Draft]:
        """The children, and threads for the emails whose thread is nowhere."""
        made = made_threads(lead_id, children, self.stored.threads)
        unusable = {draft.id for draft in made if self._refusal(draft, lead_id)}
        for place, child in enumerate(children):
            if child.columns.get("thread_id") in unusable:
                children[place] = replace(child, columns=child.columns | {"thread_id": None})
                self.tally.warn("thread")
        return children + [draft for draft in made if draft.id not in unusable]


def _article(name: str) -> str:
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"
