"""Warnings about terms that a field can never have."""

from collections.abc import Iterator
from difflib import get_close_matches
from itertools import islice

from app.domain.filters import FieldCondition, Term
from app.domain.search_fields import Field, FieldType
from app.domain.text import fold
from app.services.search.lint.findings import SHOWN, LintCode, Warning, capital, listed, named, shortened, unknown
from app.services.search.lint.groups import Member
from app.services.search.lint.values import compared


def terms(member: Member) -> Iterator[Warning]:
    """The terms that are not among the values of a fixed list, or among the choices of a custom field."""
    node, field = member.node, member.field
    if not isinstance(node, FieldCondition) or not isinstance(node.condition, Term):
        return
    if field is None or field.type is not FieldType.CHOICE or field.terms is None:
        return
    distinct = list(dict.fromkeys(node.condition.values))
    strange = [term for term in distinct if compared(term, field) not in field.terms]
    if strange:
        code = LintCode.UNKNOWN_CHOICE if field.custom_field_id else LintCode.UNKNOWN_TERM
        what = "choice" if field.custom_field_id else "value"
        reason = f"{capital(named(field))} has no {what} {listed(strange)}"
        yield unknown(member, code, reason, _advice(strange, field), alone=len(strange) == len(distinct))


def _advice(strange: list[str], field: Field) -> str:
    hints = [hint for term in strange[:SHOWN] if (hint := _hint(term, field))]
    if hints:
        return "; ".join(hints)
    known = listed(field.terms or ())
    return f"name one of {known}" if known else "it has none"


def _hint(term: str, field: Field) -> str | None:
    """What was meant instead of a term, as far as one can tell."""
    known = field.terms or ()
    if same := next((choice for choice in known if fold(choice) == fold(term)), None):
        return f"write {same!r}, for choices are compared exactly, case included"
    near = get_close_matches(shortened(compared(term, field)), islice(known, _MOST), 1)
    return f"write {near[0]!r} if that is meant by {shortened(term)!r}" if near else None


_MOST = 1_000
