"""Who asks: an API key, as the user name of HTTP Basic with an empty password, or as a Bearer token (G6)."""

from base64 import b64decode
from functools import lru_cache
from ipaddress import IPv6Address, ip_address

from starlette.requests import Request

from app.domain.access import Actor
from app.graphql.faults import Code
from app.http.refusals import Refusal
from app.services import keys
from app.storage.database import Database

# Only Bearer is offered: at a Basic challenge a browser would ask for a password, and keep it.
CHALLENGE = {"WWW-Authenticate": "Bearer"}
MISSING = "An API key is needed: as Authorization: Bearer <key>, or as the user name of HTTP Basic."
WRONG = "The API key is not valid."
_FORWARDED = frozenset({b"forwarded", b"via", b"x-forwarded-for", b"x-real-ip"})


async def identify(request: Request, database: Database) -> Actor:
    """The actor behind the request's key; a 401 without a valid one."""
    given = request.headers.getlist("authorization")
    if not given:
        raise Refusal(401, Code.UNAUTHENTICATED, MISSING, CHALLENGE)
    key = key_of(given[0]) if len(given) == 1 else None
    actor = key and await keys.authenticate(database, key, from_loopback=from_loopback(request))
    if not actor:
        raise Refusal(401, Code.UNAUTHENTICATED, WRONG, CHALLENGE)
    return actor


def key_of(header: str) -> str | None:
    """The key in an Authorization header; None when it carries none in a form that is taken."""
    scheme, _, credentials = header.strip().partition(" ")
    match scheme.lower():
        case "bearer":
            return credentials.strip()
        case "basic":
            return _user_name(credentials.strip())
        case _:
            return None


def _user_name(credentials: str) -> str | None:
    try:
        name, colon, password = b64decode(credentials, validate=True).decode("ascii").partition(":")
    except ValueError:
        return None
    return name if colon and not password else None


def from_loopback(request: Request) -> bool:
    """Whether a program on this machine asks for itself, and not a proxy for somebody else."""
    if request.client is None or any(name in _FORWARDED for name, _ in request.headers.raw):
        return False
    return _is_loopback(request.client.host)


@lru_cache(maxsize=1024)
def _is_loopback(host: str) -> bool:
    try:
        address = ip_address(host)
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return address.is_loopback
