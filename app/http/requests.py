"""What every request gets: an id, which its answer, its errors and its log lines carry; and an answer."""

import logging
import re

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.graphql.faults import request_id
from app.http.refusals import internal
from app.storage.ids import new_id

HEADER = "X-Request-ID"
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
        given = Headers(scope=scope).get(HEADER, "")
        identifier = given if _ACCEPTABLE.fullmatch(given) else new_id("req")
        started = False

        async def send_identified(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                MutableHeaders(scope=message)[HEADER] = identifier
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
