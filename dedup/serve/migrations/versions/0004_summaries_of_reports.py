"""What a page of many drafts shows of each report, beside the whole report."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the column; it is empty for drafts that were checked before."""
    op.add_column("drafts", sa.Column("summary", sa.Text(), nullable=False, server_default=""))
