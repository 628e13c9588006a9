"""What every search binds: its moment, and who asks."""

from typing import Any

from sqlalchemy import bindparam

from app.storage.types import Instant, Word

NOW: Any = bindparam("now", type_=Instant())
CALLER: Any = bindparam("caller_id", type_=Word())  # one of the actor's values
