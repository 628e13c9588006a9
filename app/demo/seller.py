"""The team whose CRM it is: a seller of computer hardware with three offices."""

from unicodedata import normalize

from app.demo.packing import Agent

DOMAIN = "gtx-hardware.example"
AREA_CODES = {"East": "617", "Central": "312", "West": "206"}
LIST_PRICES = {
    "GTX Basic": 550,
    "GTX Plus Basic": 1096,
    "GTXPro": 4821,
    "GTX Plus Pro": 5482,
    "MG Special": 55,
    "MG Advanced": 3393,
    "GTK 500": 26768,
}
UNDECOMPOSED = str.maketrans({"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "ß": "ss", "ı": "i"})
RIVALS = ("Brightcore", "Vantaris", "Nordhex", "Ampelon")


def slug(name: str, separator: str = "-") -> str:
    """A name as it stands in an address of the net."""
    plain = normalize("NFKD", name.translate(UNDECOMPOSED))
    words = "".join(c if c.isascii() and c.isalnum() else " " for c in plain if c.isascii() or c.isspace())
    return separator.join(words.lower().split())


def mailbox(agent: Agent) -> str:
    return f"{slug(agent.name, '.')}@{DOMAIN}"


def direct_line(agent: Agent) -> str:
    """An agent's number, in the area of the office."""
    return f"+1{AREA_CODES[agent.office]}55501{sum(agent.id.encode()) % 100:02}"


def first_name(agent: Agent) -> str:
    return agent.name.split()[0]
