"""Alembic's entry point: it runs on the connection that `migrations.upgrade` hands over."""

from alembic import context

from app.storage.metadata import metadata
from app.storage.migrations.rendering import render_item
from app.storage.migrations.words import compared

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    render_item=render_item,
    compare_type=True,
    include_name=compared,
)
with context.begin_transaction():
    context.run_migrations()
