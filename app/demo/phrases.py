"""The texts and names of the demo, read from the TOML files beside this module."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any


@cache
def phrases(name: str) -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name(f"{name}.toml").read_text(encoding="utf-8"))
