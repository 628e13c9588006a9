"""Marks that tests of failing queries share."""

from typing import Final

import pytest

# graphql-core drops what it has not begun of a query that fails; where that is collected the warning may not even work.
FAILING: Final = [
    pytest.mark.filterwarnings("ignore:coroutine .* was never awaited:RuntimeWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
