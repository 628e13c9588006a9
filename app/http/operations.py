"""How an operation arrives: GraphQL over HTTP, by POST as JSON, or by GET when it only reads."""

from dataclasses import dataclass
from typing import Any

import orjson
from starlette.requests import Request

from app.graphql.faults import Code
from app.http.refusals import Refusal


@dataclass(frozen=True)
class Operation:
    """What a client asks to be run."""

    query: str
    variables: dict[str, Any] | None
    name: str | None
    read_only: bool


async def received(request: Request, max_bytes: int) -> Operation:
    """The operation of a request; a Refusal that says what is wrong with it."""
    if request.method == "POST":
        _check_media(request)
        return _operation(_parsed(await _body(request, max_bytes), "The body"), read_only=False)
    return _operation(_parameters(request), read_only=True)


def _check_media(request: Request) -> None:
    media, _, parameters = request.headers.get("content-type", "").partition(";")
    charset = parameters.strip().lower().removeprefix("charset=").strip('"')
    if media.strip().lower() != "application/json" or charset not in {"", "utf-8"}:
        raise _unsupported("Send the operation as JSON, with Content-Type: application/json.")
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise _unsupported("Send the body as it is, without a Content-Encoding.")


async def _body(request: Request, max_bytes: int) -> bytes:
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > max_bytes:
            message = f"The body may have {max_bytes} bytes at most."
            raise Refusal(413, Code.PAYLOAD_TOO_LARGE, message, {"Connection": "close"})
        parts.append(part)
    return b"".join(parts)


def _parameters(request: Request) -> dict[str, Any]:
    """The members of an operation in the query string, where objects are JSON texts."""
    members: dict[str, Any] = {}
    for name in ("query", "variables", "operationName", "extensions"):
        values = request.query_params.getlist(name)
        if len(values) > 1:
            raise _bad(f"The parameter {name} is given {len(values)} times.")
        if values:
            members[name] = values[0]
    for name in ("variables", "extensions"):
        if text := members.get(name):
            members[name] = _parsed(text, f"The parameter {name}")
        elif name in members:
            del members[name]
    return members


def _parsed(text: bytes | str, what: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise _bad(f"{what} is not JSON: {error}.") from None


def _operation(members: Any, read_only: bool) -> Operation:
    if not isinstance(members, dict):
        raise _bad('One JSON object is needed, such as {"query": "{ viewer { displayName } }"}.')
    query = members.get("query")
    if not isinstance(query, str):
        raise _bad("The text of the operation is missing: query." if query is None else "query has to be a text.")
    for name in ("variables", "extensions"):
        if not isinstance(members.get(name), dict | None):
            raise _bad(f"{name} has to be an object.")
    if not isinstance(members.get("operationName"), str | None):
        raise _bad("operationName has to be a text.")
    return Operation(query, members.get("variables"), members.get("operationName") or None, read_only)


def _bad(message: str) -> Refusal:
    return Refusal(400, Code.BAD_REQUEST, message)


def _unsupported(message: str) -> Refusal:
    return Refusal(415, Code.UNSUPPORTED_MEDIA_TYPE, message, {"Accept": "application/json"})
