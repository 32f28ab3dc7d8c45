"""What tables declare: forgetting forgets no row, and nothing is kept for longer than somebody can say why."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Column, Date, DateTime, TypeDecorator

import true_api.api.all_doors  # noqa: F401  (declares every table)
from true_api.journeys.unlinking import columns_naming, kinds_about_people
from true_api.kernel.outbox import Job
from true_api.kernel.rows import Row, metadata, table_of
from true_api.privacy.cases import Participant
from true_api.privacy.forgotten import ConsentKeptApart
from true_api.privacy.retention import (
    Deleted,
    Goes,
    Kept,
    KeptApart,
    Stays,
    Unlinked,
    every_kind,
    fate_of,
    parts_of,
    retention_of,
)
from true_api.privacy.words import SealedText
from true_api.security.idempotency import IdempotentRequest

ABOUT_NOBODY = {
    "clients": "accounts of systems",
    "counted_months": "numbers of the whole program",
    "epsilon_ledger": "what releases spent",
    "forgotten_marks": "declares that it stays",
    "hidden_terms": "the program's own vocabulary",
    "local_terms": "the program's own vocabulary",
    "members": "accounts of those who work here",
    "on_call_schedules": "the hours of teams",
    "organizations": "the program and its partners",
    "pending": "the order of the trail",
    "positions": "the order of the trail",
    "programs": "the program itself",
    "release_keys": "keys of systems",
    "sealed_cells": "numbers that were released",
    "sealed_releases": "numbers that were released",
    "submission_totals": "totals of the whole program",
    "submissions": "totals of the whole program",
    "teams": "the program's teams",
    "touched_months": "which months are to be counted anew",
    "turns": "the order of the trail",
}
BY_NAME = {"idempotent_requests", "jobs", "sealed_texts"}
"""What names people's records without a foreign key, and is taken out by those names."""


def wholes_and_parts() -> Iterator[tuple[type[Row], type[Row]]]:
    for kind in kinds_about_people():
        yield from ((kind, part) for part in parts_of(kind))


def time_of(column: Column[object]) -> type[Date] | type[DateTime] | None:
    kind = column.type.impl_instance if isinstance(column.type, TypeDecorator) else column.type
    return next((time for time in (Date, DateTime) if isinstance(kind, time)), None)


def test_every_table_that_names_a_participant_says_whose_record_it_is_and_what_becomes_of_it() -> None:
    naming = {kind for kind in every_kind() if columns_naming(Participant, kind)}
    assert naming == {kind for kind in every_kind() if kind.__subject__ is not None and kind is not Participant}
    assert set(kinds_about_people()) == naming
    assert isinstance(fate_of(Participant), Deleted)


def test_who_does_not_say_is_met_before_anybody_is_half_forgotten() -> None:
    with pytest.raises(LookupError, match="does not declare"):
        fate_of(SealedText)


def test_a_part_shares_the_fate_of_its_whole() -> None:
    for kind, part in wholes_and_parts():
        if isinstance(fate_of(kind), Unlinked):
            assert isinstance(fate_of(part), Unlinked), part
        else:
            assert "__forgotten__" not in part.__dict__, part


def test_no_part_has_parts_and_none_is_a_part_of_two() -> None:
    parts = [part for _, part in wholes_and_parts()]
    assert len(parts) == len(set(parts))
    assert [part for part in parts if parts_of(part)] == []


def test_no_exact_day_stays_on_a_fact_that_is_unlinked() -> None:
    for kind in every_kind():
        fate = kind.__dict__.get("__forgotten__")
        if isinstance(fate, Unlinked | KeptApart):
            days = {str(column.key) for column in table_of(kind).columns if time_of(column) is Date}
            # A consent kept apart has no first day of its own: it is the day on which it was given.
            assert days - {"valid_from"} == set(fate.days), kind
            assert not [column for column in table_of(kind).columns if time_of(column) is DateTime]


def test_a_fact_that_is_unlinked_can_be_about_nobody_and_its_references_are_drawn_anew() -> None:
    for kind in every_kind():
        fate = kind.__dict__.get("__forgotten__")
        if isinstance(fate, Unlinked):
            table = table_of(kind)
            assert all(table.c[name].nullable for name in columns_naming(Participant, kind)), kind
            assert ("reference" in table.c) == ("reference" in fate.redrawn), kind


def test_what_is_kept_apart_of_a_consent_names_nobody_who_could_be_asked() -> None:
    assert {str(column.key) for column in table_of(ConsentKeptApart).columns} == {
        *("reference", "organization_id", "purpose", "kind", "decision", "categories", "recipients"),
        *("given_on", "valid_to", "revoked_on"),
    }


def test_nothing_else_names_a_record_of_somebody() -> None:
    """Foreign keys lead from facts to people and from parts to facts; whatever else holds an id is known by name."""
    facts = {table_of(kind).name for kind in [*kinds_about_people(), *(part for _, part in wholes_and_parts())]}
    accounts = {"members", "teams", "organizations", "code_batches", "participants", "hand_overs", "exports"}
    for kind in every_kind():
        table = table_of(kind)
        targets = {key.column.table.name for key in table.foreign_keys}
        if table.name in facts:
            assert targets - facts <= accounts, table.name
        else:
            assert not targets & facts, table.name
    assert {table_of(kind).name for kind in (IdempotentRequest, Job, SealedText)} == BY_NAME


def test_every_table_says_how_long_it_keeps_its_rows_or_is_about_nobody() -> None:
    parts = {table_of(part).name for kind in every_kind() for part in parts_of(kind)}
    silent = {str(table_of(kind).name) for kind in every_kind() if not retention_of(kind)} - parts
    assert silent == set(ABOUT_NOBODY) - {"forgotten_marks", "sealed_cells", "submission_totals"}
    assert {table.name for table in metadata.sorted_tables} == {table_of(kind).name for kind in every_kind()}


def test_every_rule_counts_from_a_day_of_its_own_table_and_has_a_reason() -> None:
    for kind in every_kind():
        for rule in retention_of(kind):
            assert isinstance(rule, Kept | Stays)
            assert 10 <= len(rule.because) <= 100
            if isinstance(rule, Kept):
                assert time_of(table_of(kind).c[rule.after]) in (Date, DateTime), kind
                assert rule.days >= 0
                assert rule.goes is Goes.ROW or "id" in table_of(kind).c


def test_what_is_swept_as_a_row_is_pointed_to_by_its_parts_alone() -> None:
    for kind in every_kind():
        if any(isinstance(rule, Kept) and rule.goes is Goes.ROW for rule in retention_of(kind)):
            table, parts = table_of(kind), {table_of(part) for part in parts_of(kind)}
            pointing = {
                other for other in metadata.sorted_tables for key in other.foreign_keys if key.column.table is table
            }
            assert pointing <= parts, kind
