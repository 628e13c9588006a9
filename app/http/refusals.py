"""Answers to requests that never reach the graph: JSON with a code, whatever went wrong."""

from collections.abc import Mapping

import orjson
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from app.graphql.faults import Code, request_id
from app.storage.database import TimedOut, Unavailable

JSON = "application/json; charset=utf-8"
_CODES = {
    405: Code.METHOD_NOT_ALLOWED,
    413: Code.PAYLOAD_TOO_LARGE,
    415: Code.UNSUPPORTED_MEDIA_TYPE,
}


class Refusal(Exception):
    """A request cannot be answered; the client is told so with this status and code."""

    def __init__(self, status: int, code: Code, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.headers = headers

    def response(self) -> Response:
        extensions = {"code": self.code, "requestId": request_id.get()}
        body = {"errors": [{"message": self.message, "extensions": extensions}]}
        return Response(orjson.dumps(body), self.status, self.headers, media_type=JSON)


def internal() -> Refusal:
    """What a client is told of a fault of ours; the log tells the rest."""
    return Refusal(500, Code.INTERNAL, "Something went wrong on our side.")


async def _refused(_: Request, error: Exception) -> Response:
    match error:
        case Refusal():
            return error.response()
        case HTTPException(status_code=404):
            return Refusal(404, Code.BAD_REQUEST, "There is nothing at this path.").response()
        case HTTPException():
            code = _CODES.get(error.status_code, Code.BAD_REQUEST)
            return Refusal(error.status_code, code, f"{error.detail}.", error.headers).response()
        case _:
            message = "The service is not available at the moment; try again."
            return Refusal(503, Code.UNAVAILABLE, message, {"Retry-After": "1"}).response()


HANDLERS = {Refusal: _refused, HTTPException: _refused, TimedOut: _refused, Unavailable: _refused}
