"""Alembic's entry: runs the migrations in the connection that `dedup.serve.database` gives."""

from alembic import context

from dedup.serve.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
