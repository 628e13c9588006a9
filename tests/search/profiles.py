"""How many trees the property tests try: the same ones in each run, many others with HYPOTHESIS_PROFILE=nightly."""

import os
from typing import Final

from hypothesis import HealthCheck, settings

# Making a world costs more than searching it, so trees share one; and on a busy machine a tree takes its time.
_SHARED = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]

settings.register_profile("normal", max_examples=200, deadline=None, derandomize=True, suppress_health_check=_SHARED)
settings.register_profile("nightly", settings.get_profile("normal"), max_examples=2_000, derandomize=False)

many: Final = settings.get_profile(os.environ.get("HYPOTHESIS_PROFILE", "normal"))
fewer: Final = settings(many, max_examples=many.max_examples // 5)
