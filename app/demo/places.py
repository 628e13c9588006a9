"""Cities, made-up streets, and phone numbers out of the ranges that are kept for fiction."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from app.demo.dice import Dice
from app.demo.phrases import phrases

LENDER = "US"


@dataclass(frozen=True)
class Place:
    country: str
    city: str
    state: str | None
    zipcode: str
    cultures: tuple[str, ...]
    streets: tuple[str, ...]
    phone: str
    digits: int | None

    def address(self, dice: Dice, label: str = "business") -> dict[str, Any]:
        """A postal address; its street exists nowhere."""
        return {
            "label": label,
            "address_1": dice.pick(self.streets).format(n=dice.between(1, 980)),
            "address_2": f"Suite {dice.between(2, 40) * 10}" if dice.chance(0.2) else "",
            "city": self.city,
            "state": self.state or "",
            "zipcode": self.zipcode,
            "country": self.country,
        }

    def number(self, dice: Dice) -> str:
        """A phone number in E.164 that belongs to nobody."""
        if self.digits is None:
            return f"{self.phone}{dice.between(5550100, 5550199)}"
        return f"{self.phone}{dice.between(0, 10**self.digits - 1):0{self.digits}}"


def place(country: str, dice: Dice) -> Place:
    """A city in a country, which is named by its code or as the data set spells it."""
    code = _codes()[country]
    found = phrases("places")[code]
    city, lender = dice.pick(found["cities"]), dice.pick(phrases("places")[LENDER]["cities"])
    phone = city if "phone" in city else lender
    return Place(
        country=code,
        city=city["city"],
        state=city.get("state"),
        zipcode=city["zipcode"],
        cultures=tuple(found["cultures"]),
        streets=tuple(found["streets"]),
        phone=phone["phone"],
        digits=phone.get("digits"),
    )


@cache
def _codes() -> dict[str, str]:
    places = phrases("places")
    return {name: code for code in places for name in (code, *places[code]["names"])}
