"""The figures of forgetting: a search that finds what is there, and nothing once people have left."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from true_api.cli.scratch_forgetting import figures
from true_api.kernel.ids import new_id
from true_api.kernel.rows import metadata
from true_api.outlets.measures.figures import Figure, Size
from true_api.outlets.measures.forgetting import figures_of
from true_api.privacy.keyring_tables import keyring_metadata

CODE = "K7QP2M9X4TRD"


def all_met(found: list[Figure]) -> bool:
    assert [figure.section for figure in found] == ["6"] * len(found)
    return all(figure.met is not False for figure in found)


def test_nothing_leads_to_people_who_left_also_after_both_stores_came_back() -> None:
    assert all_met(figures(Size.SMALL))


@pytest.mark.proof
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_nothing_leads_to_many_who_left(seed: int) -> None:
    assert all_met(figures(Size.FULL, seed))


def dump(**rows: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Two stores with nothing in them but these rows."""
    tables = [*metadata.sorted_tables, *keyring_metadata.sorted_tables]
    return {str(table.name): rows.get(str(table.name), []) for table in tables}


def test_a_row_that_was_left_in_any_table_of_either_store_is_found() -> None:
    person, fact = new_id(), new_id()
    code = {"id": new_id(), "participant_id": person, "code": CODE, "reference": None}
    met = {"id": fact, "participant_id": person, "occurred_on": date(2026, 11, 1)}
    before = dump(
        participants=[{"id": person, "trail_id": uuid4()}],
        realm_codes=[code],
        encounters=[met],
        encounter_acts=[{"encounter_id": fact, "act": "listening"}],
    )
    unlinked = {"id": uuid4(), "participant_id": None, "occurred_on": date(2026, 11, 1)}
    gone = dump(encounters=[unlinked])
    assert all_met(figures_of(before, gone, gone, [CODE]))
    for left in (
        dump(encounters=[unlinked], data_keys=[{"id": person}]),
        dump(encounters=[unlinked], sealed_texts=[{"row_id": fact}]),
        dump(encounters=[unlinked], realm_codes=[{**code, "participant_id": None}]),
        dump(encounters=[unlinked], idempotent_requests=[{"resource_id": fact}]),
        dump(encounters=[{**unlinked, "occurred_on": date(2026, 11, 2)}]),
    ):
        assert not all_met(figures_of(before, left, gone, [CODE]))
    assert not all_met(figures_of(before, gone, before, [CODE]))
    assert not all_met(figures_of(gone | {"realm_codes": [code]}, gone, gone, [CODE, "another"]))
