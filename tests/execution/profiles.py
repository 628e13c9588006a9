"""How many documents are tried: the same ones in each run, many others with HYPOTHESIS_PROFILE=nightly."""

import os
from random import SystemRandom
from typing import Final

NIGHTLY: Final = os.environ.get("HYPOTHESIS_PROFILE") == "nightly"
FIRST: Final = SystemRandom().randrange(10**6, 10**9) if NIGHTLY else 0

# What documents and queries are made from; those that show a planted fault are the same in every run.
DOCUMENTS: Final = range(FIRST, FIRST + (5_000 if NIGHTLY else 300))
QUERIES: Final = range(FIRST, FIRST + (2_500 if NIGHTLY else 150))
KNOWN: Final = range(150)
