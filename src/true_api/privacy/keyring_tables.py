"""The tables of the keyring, in a store of their own: nothing here joins with what the main store holds."""

from sqlalchemy import Column, Date, Integer, LargeBinary, MetaData, String, Table, Uuid

from true_api.kernel.rows import NAMING

keyring_metadata = MetaData(naming_convention=NAMING)

data_keys = Table(
    "data_keys",
    keyring_metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("master_key", String(64), nullable=False),
    Column("wrapped", LargeBinary, nullable=False),
    Column("made_on", Date, nullable=False),
    Column("unneeded_since", Date, nullable=True),
)
"""One key per sealing subject, whose id is the row's; `unneeded_since` is set while no sealed text refers to it."""

forgotten = Table(
    "forgotten",
    keyring_metadata,
    Column("mark", String(64), primary_key=True),
    Column("forgotten_on", Date, nullable=False),
)
"""A keyed mark of each person whose keys were destroyed, so that a restore can forget them again."""
