"""The filters of the test data, and strategies that make others."""

import json
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from app.services.filter_json.selections import SELECTIONS

FOLDER = Path(__file__).parents[2] / "data" / "filters"
FILES = {path.stem: path for path in sorted(FOLDER.glob("*.json"))}
MALFORMED = {path.stem: path for path in sorted((FOLDER / "malformed").glob("*.txt"))}


def sample(name: str) -> Any:
    return json.loads(FILES[name].read_text("utf-8"))


def as_canonical(value: Any) -> Any:
    """The same JSON without `negate` where it is false, and with hyphens in the names of periods."""
    if isinstance(value, list):
        return [as_canonical(entry) for entry in value]
    if isinstance(value, dict):
        return {
            name: inner.replace("_", "-") if name == "range" else as_canonical(inner)
            for name, inner in value.items()
            if (name, inner) != ("negate", False)
        }
    return value


FIELDS = {
    "lead": ["name", "display_name", "num_calls", "num_emails", "num_phone_numbers", "last_lead_status_change_date"],
    "contact": ["title", "emails_count", "lead_id"],
    "contact_phone": ["phone", "type"],
    "contact_email": ["email", "type"],
    "contact_url": ["url"],
    "address": ["address_1", "zipcode"],
    "opportunity": ["value", "status_id", "date_won"],
    "task": ["is_complete", "date"],
    "activity": ["user_id", "date_created"],
    "activity.call": ["direction", "duration"],
    "activity.email": ["subject"],
    "activity.sms": ["text"],
    "activity.meeting": ["starts_at"],
    "activity.note": ["note", "user_id"],
    "activity.custom_activity": ["custom_activity_type_id"],
}
RELATED = [*FIELDS, "activity.email_thread", "activity.lead_status_change", "activity.task_completed"]
RANGES = [
    *("today", "yesterday", "tomorrow"),
    *(
        f"{which}{joint}{period}"
        for joint in "-_"
        for which in ("this", "last", "next")
        for period in ("week", "month", "quarter", "year")
    ),
]
UNITS = ["years", "months", "weeks", "days", "hours", "minutes", "seconds"]

texts = st.text(st.characters(codec="utf-8"), max_size=8)
numbers = st.integers(-(10**30), 10**30) | st.floats(-1e300, 1e300)
edges = st.sampled_from(["start", "end"])


def one_of_type(type: str, /, **members: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.fixed_dictionaries({"type": st.just(type), **members})


def perhaps(strategy: st.SearchStrategy[Any], **members: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Objects with more members, each given or not."""
    return st.builds(dict.__or__, strategy, st.fixed_dictionaries({}, optional=members))


fields = st.one_of(
    st.sampled_from([(kind, name) for kind, names in FIELDS.items() for name in names]).map(
        lambda found: {"type": "regular_field", "object_type": found[0], "field_name": found[1]}
    ),
    one_of_type("custom_field", custom_field_id=texts),
)
periods = perhaps(
    one_of_type("start_end_of_predefined_relative_period", range=st.sampled_from(RANGES)),
    which=edges,
)
starts = st.one_of(
    st.just({"type": "now"}),
    st.sampled_from(["today", "this-week", "this_month", "this-quarter", "this_year"]).map(
        lambda name: {"type": "start_end_of_predefined_relative_period", "range": name, "which": "start"}
    ),
    st.just({"type": "start_end_of_predefined_relative_period", "range": "today", "which": "end"}),
)
offsets = perhaps(
    one_of_type(
        "offset",
        direction=st.sampled_from(["past", "future"]),
        moment=starts,
        offset=st.dictionaries(st.sampled_from(UNITS), st.integers(0, 999_999), min_size=1),
    ),
    which_day_end=edges | st.none(),
)
days = perhaps(one_of_type("fixed_local_date", value=st.dates().map(str)), which=edges)
instants = one_of_type(
    "fixed_local_date", value=st.datetimes().map(lambda made: f"{made.isoformat()}+01:00"), which=st.just("start")
)
moments = st.one_of(st.just({"type": "now"}), days, instants, periods, offsets)
modes = st.sampled_from(["full_words", "phrase", "beginning_of_words", "exact_value"])
words = perhaps(one_of_type("text", value=texts), mode=modes)
references = st.sampled_from(["user", "user_or_group", "lead", "contact", "status.lead", "status.opportunity"])
conditions = st.one_of(
    one_of_type("boolean", value=st.booleans()),
    one_of_type("current_user"),
    one_of_type("exists"),
    words,
    one_of_type("term", values=st.lists(texts, max_size=3)),
    perhaps(one_of_type("reference", object_ids=st.lists(texts, max_size=3)), reference_type=references | st.none()),
    perhaps(one_of_type("number_range"), **dict.fromkeys(["gt", "gte", "lt", "lte"], numbers | st.none())),
    perhaps(
        one_of_type("moment_range"),
        **dict.fromkeys(["after", "on_or_after", "before", "on_or_before"], moments | st.none()),
    ),
)
leaves = st.one_of(
    one_of_type("match_all"),
    one_of_type("match_none"),
    one_of_type("id", value=texts),
    one_of_type("object_type", object_type=st.sampled_from(["lead", "contact"])),
    words,
    one_of_type("field_condition", field=fields, condition=conditions),
    perhaps(
        one_of_type("in_status", status_ids=st.lists(texts, max_size=3)),
        on_or_after=moments | st.none(),
        before=moments | st.none(),
    ),
)


def negatable(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return perhaps(strategy, negate=st.booleans())


def with_children(children: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    lists = st.lists(children, max_size=3)
    return negatable(
        st.one_of(
            one_of_type("and", queries=lists),
            one_of_type("or", queries=lists),
            perhaps(
                one_of_type("has_related", related_object_type=st.sampled_from(list(FIELDS)), related_query=children),
                this_object_type=st.sampled_from(RELATED) | st.none(),
            ),
        )
    )


queries = st.recursive(negatable(leaves), with_children, max_leaves=8)
sort_fields = st.one_of(
    st.sampled_from([(kind, name) for kind in ("lead", "contact") for name in FIELDS[kind] if name != "lead_id"]).map(
        lambda found: {"type": "regular_field", "object_type": found[0], "field_name": found[1]}
    ),
    one_of_type("custom_field", custom_field_id=texts),
)
sorts = st.lists(
    perhaps(st.fixed_dictionaries({"field": sort_fields}), direction=st.sampled_from(["asc", "desc"])), max_size=3
)
counts = st.integers(-5, 2**31 - 1) | st.none()
chosen = st.fixed_dictionaries(
    {},
    optional={
        kind: st.lists(st.sampled_from([*names, "custom.cf_1aB", "custom.lcf_2"])) for kind, names in SELECTIONS.items()
    },
)
requests = perhaps(
    st.fixed_dictionaries({"query": queries}),
    sort=sorts | st.none(),
    results_limit=counts,
    _limit=counts,
    include_counts=st.booleans(),
    _fields=chosen,
)
