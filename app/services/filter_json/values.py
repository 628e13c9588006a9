"""Single values in both languages: how each is read from JSON, and how it is written back."""

import math
import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar, Protocol

from app.services.filter_json.places import Notes, ProblemCode, Refused, Spot, Unwritable, none_of, shown

_DECIMAL = re.compile(r"[+-]?[0-9]{1,300}(\.[0-9]{1,300})?([eE][+-]?[0-9]{1,3})?")
_LARGEST = 10**301
_INT32 = range(-(2**31), 2**31)


class Codec(Protocol):
    """One kind of value. Reading raises Refused, with the reason in the notes; writing raises Unwritable."""

    def read(self, value: Any, spot: Spot, notes: Notes) -> Any: ...

    def write(self, value: Any, spot: Spot) -> Any: ...


class Plain(ABC):
    """A value that looks the same in both languages."""

    what: ClassVar[str]

    @abstractmethod
    def fits(self, value: Any) -> bool: ...

    def read(self, value: Any, spot: Spot, notes: Notes) -> Any:
        if not self.fits(value):
            raise notes.refuse(spot, ProblemCode.INVALID_VALUE, f"{self.what} has to stand here, not {shown(value)}.")
        return value

    def write(self, value: Any, spot: Spot) -> Any:
        if not self.fits(value):
            raise Unwritable(f"{self.what} has to stand here, not {shown(value)}.", spot.input)
        return value


class Text(Plain):
    what = "A text"

    def fits(self, value: Any) -> bool:
        # Half of a surrogate pair is no character and cannot be sent anywhere.
        return isinstance(value, str) and not any("\ud800" <= character <= "\udfff" for character in value)


class Number(Plain):
    """A number, or a text that holds one; NaN, infinities and what is too large for any column are refused."""

    what = "A number"

    def fits(self, value: Any) -> bool:
        match value:
            case bool():
                return False
            case int():
                return abs(value) < _LARGEST
            case float():
                return math.isfinite(value) and abs(value) < _LARGEST
            case Decimal():
                return abs(value) < _LARGEST and _DECIMAL.fullmatch(str(value)) is not None
        return isinstance(value, str) and _DECIMAL.fullmatch(value) is not None

    def read(self, value: Any, spot: Spot, notes: Notes) -> Any:
        return _sendable(super().read(value, spot, notes))

    def write(self, value: Any, spot: Spot) -> Any:
        return _sendable(super().write(value, spot))


def _sendable(number: Any) -> Any:
    """A number with more digits than a float has as a text, since JSON is written with floats."""
    return str(number) if isinstance(number, Decimal) else number


class Count(Plain):
    what = "A whole number"

    def fits(self, value: Any) -> bool:
        return isinstance(value, int) and not isinstance(value, bool) and value in _INT32


class Flag(Plain):
    what = "True or false"

    def fits(self, value: Any) -> bool:
        return isinstance(value, bool)


@dataclass(frozen=True)
class Choice:
    """One of a few words; the input has an enum value for each."""

    what: str
    values: Mapping[str, str]

    def read(self, value: Any, spot: Spot, notes: Notes) -> str:
        if isinstance(value, str) and value in self.values:
            return self.values[value]
        raise notes.refuse(spot, ProblemCode.UNKNOWN_VALUE, none_of(self.what, value, self.values))

    def write(self, value: Any, spot: Spot) -> str:
        for name, member in self.values.items():
            if member == value:
                return name
        raise Unwritable(none_of(self.what, value, [*self.values.values()]), spot.input)


@dataclass(frozen=True)
class ListOf:
    """A list; every entry is looked at, however many are refused."""

    entry: Codec

    def read(self, value: Any, spot: Spot, notes: Notes) -> list[Any]:
        if not isinstance(value, list):
            raise notes.refuse(spot, ProblemCode.INVALID_VALUE, f"A list has to stand here, not {shown(value)}.")
        read = []
        for index, entry in enumerate(value):
            with suppress(Refused):
                read.append(self.entry.read(entry, spot.step(str(index), str(index)), notes))
        if len(read) < len(value):
            raise Refused
        return read

    def write(self, value: Any, spot: Spot) -> list[Any]:
        if not isinstance(value, list):
            raise Unwritable(f"A list has to stand here, not {shown(value)}.", spot.input)
        return [self.entry.write(entry, spot.step(input=str(index))) for index, entry in enumerate(value)]


TEXT = Text()
NUMBER = Number()
COUNT = Count()
FLAG = Flag()
