"""The file that keeps the demo key, for its owner alone, so that each start of the server shows the same one."""

import hashlib
import os
from pathlib import Path

from sqlalchemy import make_url


def path_for(database_url: str) -> Path:
    """Beside an SQLite file; for a PostgreSQL database in the user's state folder."""
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite":
        return Path(f"{url.database}.demo-key")
    state = Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state")
    named = url.set(drivername=url.get_backend_name(), password=None)  # however the driver and the secret are given
    which = hashlib.sha256(named.render_as_string().encode()).hexdigest()[:16]
    return state / "crm-gateway" / f"{which}.demo-key"


def read(path: Path) -> str | None:
    try:
        return path.read_text("ascii").strip()
    except (FileNotFoundError, UnicodeDecodeError):
        return None


def write(path: Path, key: str) -> None:
    """Put the key in place in one step, in a file that nobody else could ever read."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(f"{key}\n")
    fresh.replace(path)
