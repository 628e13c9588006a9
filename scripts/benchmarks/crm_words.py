"""Words and names for a made-up CRM: a few words are in most texts, and most words in a few."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, product
from random import Random


def _listed(words: str) -> list[str]:
    return words.split()


FREQUENT = _listed(
    "the a to and of for we you is in on with that this our your will it at be have from as are call can next about"
    " demo pricing email team meeting follow contract budget proposal quote schedule review send week discuss support"
    " renewal product integration question invoice signed trial feedback decision onboarding security timeline update"
)
FIRST_NAMES = _listed(
    "Ada Amir Ana Ben Bianca Carlos Chloe Dana Dmitri Elena Emeka Erik Farah Felix Grace Hana Hugo Ines Ivan Jade"
    " Jonas Kai Kira Lars Leila Liam Mara Mateo Mei Nadia Noah Olga Omar Paula Priya Quinn Rosa Samir Sofia Tariq"
    " Tessa Uma Victor Wanda Xavier Yara Yusuf Zoe"
)
TITLES = {
    "CEO": 5,
    "Founder and CEO": 2,
    "CTO": 4,
    "Chief Financial Officer": 3,
    "Head of Sales": 6,
    "Sales Manager": 10,
    "Office Manager": 9,
    "Account Executive": 11,
    "Marketing Manager": 10,
    "Software Engineer": 12,
    "Operations Director": 7,
    "Purchasing Manager": 8,
    "Project Lead": 8,
    "Consultant": 5,
}
TRADES = _listed(
    "Solar Dental Legal Freight Harbor Garden Marine Summit Pioneer Nordic Copper Willow Falcon Granite Beacon Orchid"
    " Cedar Lunar Velvet Amber Quartz Maple Prairie Canyon Meadow Silver Coral Raven Atlas Vertex"
)
FORMS = _listed("Group Systems Partners Labs Logistics Foods Studio Works Health Energy Consulting Media Motors Supply")
SYLLABLES = _listed("ba be co da do el fa fi ga hu in jo ka la lo ma mi na no or pa qui ra re sa so ta tu vi za")


def _vocabulary() -> list[str]:
    return [*FREQUENT, *("".join(syllables) for syllables in product(SYLLABLES, repeat=3))]


VOCABULARY = _vocabulary()
_WEIGHTS = list(accumulate(1 / (rank + 3) for rank in range(len(VOCABULARY))))
_TITLE_WEIGHTS = list(accumulate(TITLES.values()))


@dataclass(frozen=True)
class Writer:
    """Writes texts and makes up names, the same ones from the same dice."""

    dice: Random

    def prose(self, shortest: int, longest: int) -> str:
        """Some words, the frequent ones more often."""
        count = self.dice.randint(shortest, longest)
        return " ".join(self.dice.choices(VOCABULARY, cum_weights=_WEIGHTS, k=count))

    def company(self) -> str:
        """Three words, such as "Kabeco Solar Group"."""
        rare = VOCABULARY[self.dice.randrange(len(FREQUENT), len(VOCABULARY))]
        return f"{rare.capitalize()} {self.one(TRADES)} {self.one(FORMS)}"

    def person(self) -> str:
        rare = VOCABULARY[self.dice.randrange(len(FREQUENT), len(VOCABULARY))]
        return f"{self.one(FIRST_NAMES)} {rare.capitalize()}"

    def title(self) -> str:
        [title] = self.dice.choices(list(TITLES), cum_weights=_TITLE_WEIGHTS)
        return title

    def one(self, choices: Sequence[str]) -> str:
        return choices[int(self.dice.random() * len(choices))]
