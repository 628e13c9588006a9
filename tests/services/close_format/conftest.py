"""An organization to import into."""

import pytest

from app.storage.database import Database
from tests.services.close_format.files import Store


@pytest.fixture
def crm(database: Database, organization: str) -> Store:
    return Store(database, organization)
