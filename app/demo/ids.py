"""Ids that follow from what they stand for, so that they are the same on every day."""

from hashlib import sha256

from app.storage.ids import base62


def made(prefix: str, *parts: object) -> str:
    digest = sha256("/".join(map(str, parts)).encode()).digest()
    return f"{prefix}_{base62(int.from_bytes(digest[:16]))}"
