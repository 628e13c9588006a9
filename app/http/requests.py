"""What every request gets: an id, which its answer, its errors and its log lines carry; and an answer."""

import logging
import re
from secrets import token_hex

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.graphql.faults import request_id
from app.http.refusals import internal

HEADER = "X-Request-ID"
_HEADER = HEADER.lower().encode("ascii")
_ACCEPTABLE = re.compile(r"[A-Za-z0-9._-]{1,128}")

logger = logging.getLogger("crm.http")


class Identified:
    """Takes the id of a request from its header or makes one, and masks what nobody expected."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = next((value for name, value in scope["headers"] if name == _HEADER), b"").decode("latin-1")
        identifier = given if _ACCEPTABLE.fullmatch(given) else f"req_{token_hex(11)}"
        started = False

        async def send_identified(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                message["headers"] = [*message["headers"], (_HEADER, identifier.encode("ascii"))]
            await send(message)

        token = request_id.set(identifier)
        try:
            await self.app(scope, receive, send_identified)
        except ClientDisconnect:
            logger.debug("the client left before its request was read")
        except Exception:
            logger.exception("%s %s failed", scope["method"], scope["path"])
            if started:
                raise
            await internal().response()(scope, receive, send_identified)
        finally:
            request_id.reset(token)
