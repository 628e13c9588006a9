"""What each type of custom field takes, what is read back, and what is refused; @ann stands for the id of Ann."""

from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

LONGEST_LINE, LONGEST_TEXT = 1_000, 100_000
DEEPEST, LARGEST = 64, 64 * 1024
CHOICES = ["red", "Green", "blue"]
SCHEMA = "BAD_USER_INPUT"


class Good(NamedTuple):
    """A value, what its member answers, and how people read it."""

    input: Any
    shown: Any
    display: str


class Bad(NamedTuple):
    """A value, the code of its refusal, and the path from the value's member; None where the schema refuses it."""

    input: Any
    code: str
    path: list[str] | None


class Item(NamedTuple):
    """A change of one item, and the items that are there from then on."""

    change: str
    item: dict[str, Any]
    left: list[Any]


class BadItem(NamedTuple):
    """An item, the code of its refusal, and the path from the item."""

    item: dict[str, Any]
    code: str
    path: list[str]


@dataclass(frozen=True)
class Case:
    """A type of field. `empty` are the values that mean no value; `alone` says that it is on activities only."""

    data_type: str
    typename: str
    member: str
    good: list[Good]
    bad: list[Bad]
    empty: list[Any] = field(default_factory=list)
    definition: dict[str, Any] = field(default_factory=dict)
    alone: bool = False
    items: list[Item] = field(default_factory=list)
    bad_items: list[BadItem] = field(default_factory=list)

    @property
    def is_multiple(self) -> bool:
        return bool(self.definition.get("acceptsMultipleValues"))


def _users(*names: str) -> list[dict[str, str]]:
    return [{"id": name} for name in names]


def _nested(levels: int) -> Any:
    value: Any = 0
    for _ in range(levels):
        value = [value]
    return value


TEXT = Case(
    "TEXT",
    "CustomFieldTextValue",
    "text",
    [
        Good("blue sky", "blue sky", "blue sky"),
        Good("Straße ☂ 12%_\\", "Straße ☂ 12%_\\", "Straße ☂ 12%_\\"),
        Good("  two  words", "  two  words", "two words"),
        Good("x" * LONGEST_LINE, "x" * LONGEST_LINE, "x" * LONGEST_LINE),
    ],
    [
        Bad("two\nlines", "INVALID", []),
        Bad("two\rlines", "INVALID", []),
        Bad("nul\0", "INVALID", []),
        Bad("x" * (LONGEST_LINE + 1), "TOO_LONG", []),
        Bad(5, SCHEMA, None),
        Bad(None, SCHEMA, None),
    ],
    empty=["", "  "],
)
TEXTAREA = replace(
    TEXT,
    data_type="TEXTAREA",
    good=[
        Good("two\nlines", "two\nlines", "two lines"),
        Good("one", "one", "one"),
        Good("y" * LONGEST_TEXT, "y" * LONGEST_TEXT, "y" * LONGEST_TEXT),
    ],
    bad=[
        Bad("nul\0", "INVALID", []),
        Bad("x" * (LONGEST_TEXT + 1), "TOO_LONG", []),
        Bad(5, SCHEMA, None),
    ],
    alone=True,
)
NUMBER = Case(
    "NUMBER",
    "CustomFieldNumberValue",
    "number",
    [
        Good(2, "2", "2"),
        Good(5.5, "5.5", "5.5"),
        Good("0.10", "0.10", "0.10"),
        Good("-0.000000000000000000001", "-0.000000000000000000001", "-0.000000000000000000001"),
        Good("9007199254740993", "9007199254740993", "9007199254740993"),
        Good("9223372036854775808", "9223372036854775808", "9223372036854775808"),
        Good("1e21", "1000000000000000000000", "1000000000000000000000"),
        Good(0, "0", "0"),
    ],
    [
        Bad("1e70", "TOO_LONG", []),
        Bad("0." + "1" * 63, "TOO_LONG", []),
        Bad("abc", SCHEMA, None),
        Bad("1e400", SCHEMA, None),
        Bad("NaN", SCHEMA, None),
        Bad("Infinity", SCHEMA, None),
        Bad(True, SCHEMA, None),
        Bad("", SCHEMA, None),
    ],
)
DATE = Case(
    "DATE",
    "CustomFieldDateValue",
    "date",
    [
        Good("2014-06-12", "2014-06-12", "2014-06-12"),
        Good("0001-01-01", "0001-01-01", "0001-01-01"),
        Good("9999-12-31", "9999-12-31", "9999-12-31"),
    ],
    [
        Bad("2014-06-12T00:00:00Z", SCHEMA, None),
        Bad("2015-02-30", SCHEMA, None),
        Bad(20140612, SCHEMA, None),
    ],
)
DATETIME = Case(
    "DATETIME",
    "CustomFieldDateTimeValue",
    "dateTime",
    [
        Good("2014-06-27T22:00:00-08:00", "2014-06-28T06:00:00+00:00", "2014-06-28T06:00:00+00:00"),
        Good("2026-01-05T08:00:00.123456Z", "2026-01-05T08:00:00.123456+00:00", "2026-01-05T08:00:00.123456+00:00"),
    ],
    [
        Bad("2014-06-27T22:00:00", SCHEMA, None),
        Bad("2014-06-27", SCHEMA, None),
        Bad("0001-01-01T00:00:00+14:00", SCHEMA, None),
    ],
)
ONE_CHOICE = Case(
    "CHOICES",
    "CustomFieldChoicesValue",
    "choices",
    [Good(["red"], ["red"], "red"), Good(["Green"], ["Green"], "Green")],
    [
        Bad(["green"], "INVALID", ["0"]),
        Bad([" red"], "INVALID", ["0"]),
        Bad([""], "INVALID", ["0"]),
        Bad(["red", "blue"], "INVALID", []),
        Bad([None], SCHEMA, None),
    ],
    empty=[[]],
    definition={"choices": CHOICES},
)
CHOICES_ = replace(
    ONE_CHOICE,
    good=[
        Good(["red"], ["red"], "red"),
        Good(["blue", "Green"], ["blue", "Green"], "blue, Green"),
        Good(["Green", "blue"], ["Green", "blue"], "Green, blue"),
        Good(["blue", "red", "blue"], ["blue", "red"], "blue, red"),
    ],
    bad=[
        Bad(["red", "RED"], "INVALID", ["1"]),
        Bad(["red", "blue", "pink"], "INVALID", ["2"]),
    ],
    definition={"choices": CHOICES, "acceptsMultipleValues": True},
    items=[
        Item("add", {"choice": "blue"}, ["blue"]),
        Item("add", {"choice": "red"}, ["blue", "red"]),
        Item("add", {"choice": "blue"}, ["blue", "red"]),
        Item("remove", {"choice": "Green"}, ["blue", "red"]),
        Item("remove", {"choice": "blue"}, ["red"]),
        Item("add", {"choice": "blue"}, ["red", "blue"]),
        Item("remove", {"choice": "blue"}, ["red"]),
        Item("remove", {"choice": "red"}, []),
    ],
    bad_items=[
        BadItem({"choice": "pink"}, "INVALID", ["choice"]),
        BadItem({"choice": "Red"}, "INVALID", ["choice"]),
        BadItem({"contact": "@ann"}, "INVALID", ["contact"]),
        BadItem({"user": {"id": "@me"}}, "INVALID", ["user"]),
    ],
)
ONE_USER = Case(
    "USER",
    "CustomFieldUsersValue",
    "users",
    [
        Good([{"id": "@me"}], _users("@me"), "Admin Member"),
        Good([{"name": "Reed Clapper"}], _users("@reed"), "Reed Clapper"),
        Good([{"id": "@sam"}], _users("@sam"), "Sam Same"),
    ],
    [
        Bad([{"name": "Sam Same"}], "INVALID", ["0", "name"]),
        Bad([{"name": "reed clapper"}], "NOT_FOUND", ["0", "name"]),
        Bad([{"id": "user_absent"}], "NOT_FOUND", ["0", "id"]),
        Bad([{"id": "@foreign_user"}], "NOT_FOUND", ["0", "id"]),
        Bad([{"id": "@me"}, {"id": "@reed"}], "INVALID", []),
        Bad([{"id": "@me", "name": "Admin Member"}], SCHEMA, None),
        Bad([{}], SCHEMA, None),
    ],
    empty=[[]],
)
USERS = replace(
    ONE_USER,
    good=[
        Good([{"id": "@me"}, {"id": "@reed"}], _users("@me", "@reed"), "Admin Member, Reed Clapper"),
        Good([{"name": "Reed Clapper"}, {"id": "@reed"}], _users("@reed"), "Reed Clapper"),
    ],
    bad=[
        Bad([{"id": "@me"}, {"name": "Sam Same"}], "INVALID", ["1", "name"]),
        Bad([{"id": "@me"}, {"id": "@foreign_user"}], "NOT_FOUND", ["1", "id"]),
    ],
    definition={"acceptsMultipleValues": True},
    items=[
        Item("add", {"user": {"name": "Reed Clapper"}}, _users("@reed")),
        Item("add", {"user": {"id": "@me"}}, _users("@reed", "@me")),
        Item("add", {"user": {"id": "@reed"}}, _users("@reed", "@me")),
        Item("remove", {"user": {"id": "@sam"}}, _users("@reed", "@me")),
        Item("remove", {"user": {"name": "Reed Clapper"}}, _users("@me")),
        Item("remove", {"user": {"id": "@me"}}, []),
    ],
    bad_items=[
        BadItem({"user": {"name": "Sam Same"}}, "INVALID", ["user", "name"]),
        BadItem({"user": {"id": "@foreign_user"}}, "NOT_FOUND", ["user", "id"]),
        BadItem({"contact": "@ann"}, "INVALID", ["contact"]),
        BadItem({"choice": "@me"}, "INVALID", ["choice"]),
    ],
)
ONE_CONTACT = Case(
    "CONTACT",
    "CustomFieldContactsValue",
    "contacts",
    [Good(["@bob"], _users("@bob"), "bob"), Good(["@ann"], _users("@ann"), "ann")],
    [
        Bad(["@cid"], "INVALID", ["0"]),
        Bad(["cont_absent"], "NOT_FOUND", ["0"]),
        Bad(["@foreign_contact"], "NOT_FOUND", ["0"]),
        Bad(["@me"], "NOT_FOUND", ["0"]),
        Bad(["@ann", "@bob"], "INVALID", []),
    ],
    empty=[[]],
)
CONTACTS = replace(
    ONE_CONTACT,
    good=[
        Good(["@bob", "@ann"], _users("@bob", "@ann"), "bob, ann"),
        Good(["@ann", "@ann"], _users("@ann"), "ann"),
    ],
    bad=[
        Bad(["@ann", "@cid"], "INVALID", ["1"]),
        Bad(["@ann", "cont_absent"], "NOT_FOUND", ["1"]),
    ],
    definition={"acceptsMultipleValues": True},
    items=[
        Item("add", {"contact": "@bob"}, _users("@bob")),
        Item("add", {"contact": "@ann"}, _users("@bob", "@ann")),
        Item("add", {"contact": "@bob"}, _users("@bob", "@ann")),
        Item("remove", {"contact": "@bob"}, _users("@ann")),
        Item("remove", {"contact": "@bob"}, _users("@ann")),
        Item("remove", {"contact": "@ann"}, []),
    ],
    bad_items=[
        BadItem({"contact": "@cid"}, "INVALID", ["contact"]),
        BadItem({"contact": "@foreign_contact"}, "NOT_FOUND", ["contact"]),
        BadItem({"user": {"id": "@me"}}, "INVALID", ["user"]),
        BadItem({"choice": "@ann"}, "INVALID", ["choice"]),
    ],
)
HIDDEN = Case(
    "HIDDEN",
    "CustomFieldHiddenValue",
    "json",
    [
        Good({"a": [1, None, {"b": "ü"}]}, {"a": [1, None, {"b": "ü"}]}, '{"a":[1,null,{"b":"ü"}]}'),
        Good([], [], "[]"),
        Good("x\ny", "x\ny", '"x\\ny"'),
        Good(0, 0, "0"),
        Good(False, False, "false"),
        Good("", "", '""'),
        Good(9007199254740993, 9007199254740993, "9007199254740993"),
        Good(-1.5, -1.5, "-1.5"),
    ],
    [
        Bad(float("nan"), "INVALID", []),
        Bad({"a": [float("inf")]}, "INVALID", []),
        Bad(2**64, "INVALID", []),
        Bad("nul\0", "INVALID", []),
        Bad({"nul\0": 1}, "INVALID", []),
        Bad(_nested(DEEPEST + 1), "INVALID", []),
        Bad("x" * LARGEST, "TOO_LONG", []),
        Bad(None, SCHEMA, None),
    ],
)

CASES = {
    "text": TEXT,
    "textarea": TEXTAREA,
    "number": NUMBER,
    "date": DATE,
    "datetime": DATETIME,
    "choice": ONE_CHOICE,
    "choices": CHOICES_,
    "user": ONE_USER,
    "users": USERS,
    "contact": ONE_CONTACT,
    "contacts": CONTACTS,
    "hidden": HIDDEN,
}

# A value for each member, of which all but the type's own are refused; and an item for each.
MEMBERS: dict[str, Any] = {
    "text": "red",
    "number": 1,
    "date": "2014-06-12",
    "dateTime": "2014-06-12T00:00:00Z",
    "choices": ["red"],
    "users": [{"id": "@me"}],
    "contacts": ["@ann"],
    "json": "red",
}
ITEMS: list[dict[str, Any]] = [{"choice": "red"}, {"user": {"id": "@me"}}, {"contact": "@ann"}]
