"""The type of a custom field, guessed from its values; bounded memory whatever their number."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.domain.custom_fields import DataType
from app.services.close_format.custom_keys import is_unset
from app.services.close_format.values import instant, is_day, number

MAX_CHOICE_LENGTH = 100
MAX_CHOICES = 1_000
# Texts are choices when they are few, and each is used twice on average.
FEW = 50
YES, NO = "Yes", "No"


@dataclass(frozen=True)
class Guess:
    data_type: DataType
    choices: list[str] | None = None
    accepts_multiple_values: bool = False


class Sample:
    """What was seen of one field's values."""

    def __init__(self) -> None:
        self.texts: dict[str, None] = {}
        self.overflow = False
        self._count = 0
        self._lists = self._objects = self._numbers = self._flags = self._others = False
        self._not_days = self._not_instants = self._long_lines = False

    @property
    def is_empty(self) -> bool:
        return self._count == 0

    def add(self, value: Any) -> None:
        """Count a value; an unset one tells nothing."""
        if is_unset(value):
            return
        self._count += 1
        if isinstance(value, list):
            self._lists = True
            for item in value:
                self._add_item(item)
        elif isinstance(value, int | Decimal) and not isinstance(value, bool):
            self._numbers = True
            self._others = self._others or not _fits(number, value)
        else:
            self._add_scalar(value)

    def merge(self, other: "Sample") -> None:
        for name, value in vars(other).items():
            if name == "texts":
                for text in value:
                    self._keep(text)
            elif name == "_count":
                self._count += value
            else:
                setattr(self, name, getattr(self, name) or value)

    def guess(self, users: Collection[str], textarea: bool = False) -> Guess:
        """`users` are the ids that count as users; `textarea` allows texts of several lines as their own type."""
        texts = list(self.texts)
        known_users = bool(texts) and not self.overflow and all(text in users for text in texts)
        if self._objects or (self._lists and (self._numbers or self.overflow)):
            return Guess(DataType.HIDDEN)
        if self._lists:
            users_only = Guess(DataType.USER, None, True)
            return users_only if known_users else Guess(DataType.CHOICES, texts, True)
        if self._numbers:
            return Guess(DataType.TEXT if texts or self.overflow or self._others else DataType.NUMBER)
        if not texts and not self.overflow:
            return Guess(DataType.TEXT)
        if not self._not_days:
            return Guess(DataType.DATE)
        if not self._not_instants:
            return Guess(DataType.DATETIME)
        if known_users:
            return Guess(DataType.USER)
        if not self.overflow and len(texts) <= FEW and (self._flags or self._count >= 2 * len(texts)):
            return Guess(DataType.CHOICES, list(dict.fromkeys([YES, NO, *texts])) if self._flags else texts)
        return Guess(DataType.TEXTAREA if self._long_lines and textarea else DataType.TEXT)

    def _add_item(self, item: Any) -> None:
        if isinstance(item, int | Decimal) and not isinstance(item, bool):
            self._numbers = True
        else:
            self._add_scalar(item)

    def _add_scalar(self, value: Any) -> None:
        if isinstance(value, bool):
            self._flags = True
            value = YES if value else NO
        if not isinstance(value, str):
            self._objects = True
            return
        self._not_days = self._not_days or not (is_day(value) and _fits(instant, value))
        self._not_instants = self._not_instants or is_day(value) or not _fits(instant, value)
        self._long_lines = self._long_lines or "\n" in value
        self._keep(value)

    def _keep(self, text: str) -> None:
        if len(text) > MAX_CHOICE_LENGTH or "\n" in text or (len(self.texts) >= MAX_CHOICES and text not in self.texts):
            self.overflow = True
        else:
            self.texts[text] = None


def _fits(read: Callable[[Any], Any], value: Any) -> bool:
    try:
        return read(value) is not None
    except ValueError:
        return False
