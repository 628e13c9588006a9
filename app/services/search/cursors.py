"""Cursors of a search: signed, bound to what was asked, and good for a while (rule F15)."""

import hashlib
import hmac
from base64 import b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from app.domain.errors import ArgumentFault, FaultCode

MAC_BYTES = 16
MAX_LENGTH = 65_536  # ours are far shorter: texts are sorted by their beginnings
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True)
class Cursor:
    """A place in the hits of a search: how many there were up to it, its order values, when it was handed out."""

    seen: int
    values: tuple[Any, ...]
    issued: datetime


@dataclass(frozen=True, repr=False)
class Signer:
    """Hands out cursors and takes them back. A life of 0 seconds never ends."""

    secret: bytes
    ttl_seconds: int

    def sign(self, cursor: Cursor, bound: bytes) -> str:
        """The cursor as a text that only this secret reads, and only for the search that `bound` is the digest of."""
        payload = orjson.dumps([cursor.seen, _microseconds(cursor.issued), *cursor.values], default=str)
        return _written(self._mac(payload, bound) + payload)

    def read(self, text: str, bound: bytes, now: datetime) -> Cursor:
        """The cursor of a text; its values are plain JSON."""
        payload = self._payload(text, bound)
        if payload is None:
            raise ArgumentFault("`after` is not a cursor of this search.", ["after"], FaultCode.CURSOR_INVALID)
        seen, issued, *values = orjson.loads(payload)
        cursor = Cursor(seen, tuple(values), _EPOCH + issued * _MICROSECOND)
        if self.ttl_seconds and now - cursor.issued > timedelta(seconds=self.ttl_seconds):
            raise ArgumentFault(
                f"The cursor has expired: it is good for {self.ttl_seconds} seconds. Start the search again.",
                ["after"],
                FaultCode.CURSOR_EXPIRED,
            )
        return cursor

    def _payload(self, text: str, bound: bytes) -> bytes | None:
        """What was signed, if it was signed here for this search."""
        if len(text) > MAX_LENGTH:
            return None
        try:
            signed = b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        except ValueError:
            return None
        mac, payload = signed[:MAC_BYTES], signed[MAC_BYTES:]
        if not hmac.compare_digest(mac, self._mac(payload, bound)):
            return None
        return payload if text == _written(signed) else None  # one cursor, one text

    def _mac(self, payload: bytes, bound: bytes) -> bytes:
        """Over the digest of `bound`, for its length is fixed: where it ends and the payload begins is certain."""
        message = b"search cursor\n" + hashlib.sha256(bound).digest() + payload
        return hmac.digest(self.secret, message, "sha256")[:MAC_BYTES]


def _written(signed: bytes) -> str:
    return urlsafe_b64encode(signed).rstrip(b"=").decode()


def _microseconds(instant: datetime) -> int:
    return (instant - _EPOCH) // _MICROSECOND
