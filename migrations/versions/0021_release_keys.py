"""Keys that read releases and nothing else."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward: keys of integrators' clients, kept as hashes. No agency's transaction is granted any of it."""
    op.create_table(
        "release_keys",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("label", sa.String(length=80), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("created_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("revoked_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["client_id"], ["clients.id"], name=op.f("fk_release_keys_client_id_clients")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release_keys")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_release_keys_secret_hash")),
    )
    op.create_index(op.f("ix_release_keys_client_id"), "release_keys", ["client_id"])


def downgrade() -> None:
    """Go back."""
    op.drop_table("release_keys")
