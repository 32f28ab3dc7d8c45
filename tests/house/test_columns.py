"""No identity is stored: every column of every table is on an allow-list, with the reason why it is kept."""

import re

from sqlalchemy import JSON, Column, DateTime, Enum, String, TypeDecorator
from sqlalchemy.types import TypeEngine

import true_api.api.all_doors  # noqa: F401  (declares every table)
from true_api.kernel.rows import metadata
from true_api.privacy.allowed_columns import allowed_columns
from true_api.privacy.keyring_tables import keyring_metadata

ALLOWED = allowed_columns()
TEXTS = ALLOWED.pop("texts")
LISTS = {
    "agencies_tonight.needs",
    "consents_kept_apart.categories",
    "consents_kept_apart.recipients",
    "directory_entries.body",
    "disclosures.categories",
    "disclosures.consents",
    "disclosures.fields",
    "disclosures.records",
    "disclosures_kept_apart.categories",
    "disclosures_kept_apart.consents",
    "disclosures_kept_apart.fields",
    "disclosures_kept_apart.records",
    "emergency_disclosures.information",
    "intake_peer_wishes.communities",
    "intake_peer_wishes.experiences",
    "intake_peer_wishes.genders",
    "intake_peer_wishes.languages",
    "intake_peer_wishes.local_terms",
    "intake_requests.needs",
    "intake_requests.wishes",
    "offers.wishes",
    "participants.communities",
    "participants.languages",
    "participants.local_terms",
    "participants.race_ethnicity",
    "readiness_notes.support_offered",
    "peer_wishes.communities",
    "peer_wishes.experiences",
    "peer_wishes.genders",
    "peer_wishes.languages",
    "peer_wishes.local_terms",
    "referrals.bring",
    "referrals.outcomes",
    "referrals.wishes",
    "supervision_sessions.topics",
    "trail_entries.fields",
}
"""JSON holds lists of terms of a vocabulary, names of fields, or ids of organizations; and what services publish."""
IDENTIFYING = re.compile(
    r"(^|_)(name|names|first|last|middle|surname|nickname|alias|dob|born|birth\w*|age|phone|mobile|cell_?phone|fax|tel|"
    r"e?mail|address|street|city|zip|postal\w*|county|ssn|itin|medicaid|medicare|mrn|license|passport|plate|face|photo|"
    r"image|picture|signature|fingerprint|ip|latitude|longitude|lat|lon|lng|geo\w*|coordinates?|device|handle|username|"
    r"note|notes|comment|comments|text|narrative|memo|remark\w*|description|free_?text)($|_)"
)
HARMLESS = {
    "caseload.handle": "two random words, not what the person is called",
    "feed_entries.name": "of a record: its id or its reference",
    "idempotent_requests.fingerprint": "of a request, not of a finger",
    "organizations.name": "an organization's",
    "synced_items.fingerprint": "of an item, not of a finger",
    "participants.age_band": "ten years wide",
    "teams.name": "a team's",
    "trail_heads.signature": "of a hash, by a key",
    "turns.last_position": "the latest, not a family name",
}
MOMENTS = {
    "agencies_tonight.holds_until",
    "agencies_tonight.said_at",
    "capacity_answers.answered_at",
    "clients.created_at",
    "idempotent_requests.created_at",
    "jobs.due_at",
    "members.created_at",
    "offers.held_until",
    "organizations.created_at",
    "teams.created_at",
    "trail_entries.at",
    "trail_heads.at",
    "trail_leaves.at",
}


def _columns() -> dict[str, TypeEngine[object]]:
    """The type of every column of both stores, by `table.column`."""
    stores = (metadata, keyring_metadata)
    tables = [table for store in stores for table in store.tables.values()]
    assert len({table.name for table in tables}) == len(tables), "a table's name says in which store it is"
    return {str(column): _plain(column) for table in tables for column in table.columns}


def _plain(column: Column[object]) -> TypeEngine[object]:
    return column.type.impl_instance if isinstance(column.type, TypeDecorator) else column.type


def test_every_column_is_on_the_list_with_a_reason_and_nothing_on_the_list_is_gone() -> None:
    listed = {f"{table}.{column}" for table, columns in ALLOWED.items() for column in columns}
    assert set(_columns()) - listed == set(), "columns that nobody gave a reason for in columns.toml"
    assert listed - set(_columns()) == set(), "columns.toml names columns that do not exist"


def test_every_reason_says_something() -> None:
    reasons = {f"{table}.{column}": reason for table, columns in ALLOWED.items() for column, reason in columns.items()}
    assert [name for name, reason in (reasons | TEXTS).items() if not 3 <= len(reason) <= 100] == []


def test_no_column_sounds_like_what_finds_a_person() -> None:
    sounding = {name for name in _columns() if IDENTIFYING.search(name.partition(".")[2])}
    assert sounding == set(HARMLESS)


def test_text_that_is_no_term_of_a_vocabulary_is_on_a_list_of_its_own_and_has_a_bound() -> None:
    texts = {name: kind for name, kind in _columns().items() if isinstance(kind, String) and not isinstance(kind, Enum)}
    assert set(texts) == set(TEXTS)
    assert [name for name, kind in texts.items() if not kind.length] == []


def test_json_holds_only_the_lists_that_we_know() -> None:
    assert {name for name, kind in _columns().items() if isinstance(kind, JSON)} == LISTS


def test_what_is_about_a_person_is_kept_by_the_day() -> None:
    """Instants make 100 % of profiles unique across two agencies (privacy.md 3): they stand in the trail alone."""
    moments = {name for name, kind in _columns().items() if isinstance(kind, DateTime)}
    assert moments == MOMENTS
    about_people = {table.name for table in metadata.tables.values() if "participant_id" in table.columns}
    assert {name for name in moments if name.partition(".")[0] in about_people | {"participants"}} == set()
