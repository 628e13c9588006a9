"""Inputs, and what of them was given."""

from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any

import strawberry

from app.domain.errors import ArgumentFault

MAX_ITEMS = 5_000


class Input:
    """An input whose omitted members are None: for inputs where omitting and null mean the same."""

    def __post_init__(self) -> None:
        own: Any = self.__class__
        for name in members_of(own):
            if getattr(self, name) is strawberry.UNSET:
                setattr(self, name, None)


@cache
def members_of(type_: Any) -> tuple[str, ...]:
    """The names of an input's members."""
    return tuple(field.name for field in fields(type_))


def given(value: Any) -> Any:
    """An input as plain values: a dict of the members that were given, and the same within lists."""
    if isinstance(value, list):
        return [given(item) for item in value]
    if not is_dataclass(value) or isinstance(value, type):
        return value
    members = {name: getattr(value, name) for name in members_of(value.__class__)}
    return {name: given(member) for name, member in members.items() if member is not strawberry.UNSET}


def check_lists(value: Any, path: tuple[str, ...] = ()) -> None:
    """Refuse arguments with a list of more items than any filter takes."""
    if isinstance(value, dict):
        for name, member in value.items():
            check_lists(member, (*path, name))
    elif isinstance(value, list):
        if len(value) > MAX_ITEMS:
            raise ArgumentFault(f"A list can hold {MAX_ITEMS} values at most, not {len(value)}.", path)
    elif is_dataclass(value) and not isinstance(value, type):
        for name in members_of(value.__class__):
            check_lists(getattr(value, name), (*path, name))
