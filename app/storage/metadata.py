"""Every table, in one place for migrations and tests."""

from sqlmodel import SQLModel

from app.storage import activities, contacts, custom_fields, leads, opportunities, organizations, secrets, tasks

MODULES = (organizations, leads, contacts, opportunities, tasks, activities, custom_fields, secrets)
metadata = SQLModel.metadata
