"""Drug checks: a month and an area, nobody at all, and never a result without what its method cannot say."""

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from sqlalchemy import select

from tests.rooms.exploring import exploring
from tests.stories.steps import absent, every_item, items
from tests.world import Caller, House, ok, refused
from true_api.kernel.code_words import spells_a_word
from true_api.kernel.rows import table_of
from true_api.privacy.terms import Substance
from true_api.rooms.drug_checks.limits import CURRENT_LIMITS, LANGUAGES
from true_api.rooms.drug_checks.samples import WRITTEN, new_sample, read_sample, shown_sample
from true_api.rooms.drug_checks.schemas import DrugCheckView, LimitsView, ResultDraft, ResultView
from true_api.rooms.drug_checks.tables import DrugCheck, DrugCheckResult
from true_api.rooms.drug_checks.vocabulary import (
    Abundance,
    CheckMethod,
    CheckResult,
    CheckTarget,
    ResultVoidReason,
    SampleForm,
)

ON_SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
"""For what does not depend on the engine."""

PATH = "/v1/drug-checks"
STRIP = {"target": "fentanyl", "method": "strip", "result": "not_detected", "strip_lot": "DOA23-0415"}
LABORATORY = {"target": "medetomidine", "method": "gc_ms", "result": "detected", "abundance": "trace"}


def sample(**over: Any) -> dict[str, Any]:
    """A powder that came in this month."""
    return {"collected_in": "2026-11", "expected": "heroin", "form": "powder", **over}


async def checks(caller: Caller, **over: Any) -> dict[str, Any]:
    """Somebody takes in a sample."""
    return ok(await caller.post(PATH, sample(**over)))


def told(checked: dict[str, Any]) -> list[dict[str, Any]]:
    """The results as they were sent."""
    return [{name: value for name, value in one.items() if name != "id" and value} for one in checked["results"]]


# Rules that need no house.


@given(draws=st.lists(st.integers(0, 31), min_size=8, max_size=8))
def test_what_is_written_on_a_bag_is_read_back_however_it_is_written(draws: list[int]) -> None:
    left = iter([*draws, *[7] * 64])
    drawn = new_sample(lambda _: next(left))
    assert not spells_a_word(drawn)
    written = shown_sample(drawn)
    assert re.fullmatch(WRITTEN, written)
    misread = written.translate(str.maketrans("10", "lo"))
    for text in (written, written.lower(), drawn, misread, misread.upper()):
        assert re.fullmatch(WRITTEN, text)
        assert read_sample(text) == drawn


@given(
    target=st.sampled_from(CheckTarget),
    substance=st.none() | st.sampled_from(Substance),
    method=st.sampled_from(CheckMethod),
    result=st.sampled_from(CheckResult),
    abundance=st.none() | st.sampled_from(Abundance),
    strip_lot=st.none() | st.just("LOT-7"),
)
def test_a_result_says_no_more_than_its_method_can(**result: Any) -> None:
    impossible = (
        (result["abundance"] and result["result"] != "detected")
        or (result["abundance"] and result["method"] in ("strip", "reagent"))
        or (result["strip_lot"] and result["method"] != "strip")
        or (result["substance"] and result["target"] != "other")
    )
    if impossible:
        with pytest.raises(ValidationError):
            ResultDraft(**result)
    else:
        assert ResultDraft(**result).model_dump() == result


@pytest.mark.parametrize("lot", ["", "lot 7", "ROSA", "-7", "7" * 17, "lot7", "A7\n"])
def test_a_lot_is_what_is_printed_on_a_package(lot: str) -> None:
    with pytest.raises(ValidationError):
        ResultDraft(**{**STRIP, "strip_lot": lot})


def test_no_view_of_a_drug_check_promises_that_anything_is_safe_or_names_a_day_or_a_person() -> None:
    for kind in (DrugCheckView, ResultView, DrugCheck, DrugCheckResult):
        types = {name: str(field.annotation) for name, field in kind.model_fields.items()}
        assert [name for name, of in types.items() if "bool" in of] == []
        assert [name for name in types if "participant" in name or "member" in name or "safe" in name] == []
    columns = {*table_of(DrugCheck).c.keys(), *table_of(DrugCheckResult).c.keys()}
    assert {name for name in columns if name.endswith(("_on", "_at"))} == set()


@given(used=st.lists(st.sampled_from(CheckMethod)))
def test_every_method_has_its_limits_in_both_languages_and_each_is_told_once(used: list[CheckMethod]) -> None:
    limits = LimitsView.of_methods(used)
    assert [one.method for one in limits.methods] == [method for method in CheckMethod if method in used]
    assert limits.version == CURRENT_LIMITS.version
    for one in (*limits.methods, limits.reading):
        assert min(len(one.en), len(one.es)) > 80
        assert one.en != one.es
    assert set(CURRENT_LIMITS.methods) == set(CURRENT_LIMITS.sources) == set(CheckMethod)
    assert all(set(texts) == set(LANGUAGES) for texts in (*CURRENT_LIMITS.methods.values(), CURRENT_LIMITS.reading))


def test_the_published_figures_of_strips_stand_in_their_limits() -> None:
    strip = CURRENT_LIMITS.methods[CheckMethod.STRIP]
    assert CURRENT_LIMITS.sources[CheckMethod.STRIP] == "PMC9588631"
    for text in strip.values():
        assert {"98.5 %", "89.2 %"} <= set(re.findall(r"[\d.]+ %", text))
    assert all("5 %" in text for text in CURRENT_LIMITS.methods[CheckMethod.FTIR].values())
    assert "analogues" in strip["en"]
    assert "análogos" in strip["es"]


# Through the front door.


@ON_SQLITE
@given(
    facts=st.fixed_dictionaries(
        {
            "collected_in": st.dates(date(2000, 1, 1), date(2026, 11, 30)).map(lambda day: f"{day:%Y-%m}"),
            "expected": st.sampled_from(Substance),
            "form": st.sampled_from(SampleForm),
        }
    ),
    method=st.sampled_from(CheckMethod),
    target=st.sampled_from(CheckTarget),
    result=st.sampled_from(CheckResult),
)
@exploring
async def test_a_sample_is_kept_as_it_was_told_and_answered_with_the_limits_of_its_method(
    house: House, facts: dict[str, Any], method: CheckMethod, target: CheckTarget, result: CheckResult
) -> None:
    one = {"target": target, "method": method, "result": result}
    made = await checks(house.peer, **facts, results=[one])
    assert {name: made[name] for name in facts} == facts
    assert told(made) == [one]
    assert [limits["method"] for limits in made["limits"]["methods"]] == [method]
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}", made["sample"])
    assert ok(await house.stranger.get(f"{PATH}/{made['id']}")) == made


async def test_a_laboratory_s_answer_is_added_later_and_a_misread_one_stays_readable(house: House) -> None:
    made = await checks(house.peer, results=[STRIP])
    added = ok(await house.supervisor.post(f"{PATH}/{made['id']}/results", {"results": [LABORATORY]}))
    assert sorted(told(added), key=str) == sorted([STRIP, LABORATORY], key=str)
    assert [limits["method"] for limits in added["limits"]["methods"]] == ["strip", "gc_ms"]
    assert ok(await house.peer.get(f"{PATH}/{made['id']}")) == added
    refused(await house.peer.post(f"{PATH}/{made['id']}/results", {"results": []}), 422, "invalid_shape")
    waiting = await checks(house.peer)
    assert (waiting["results"], waiting["limits"]["methods"]) == ([], [])
    assert "No result says that something is safe" in waiting["limits"]["reading"]["en"]
    made, other = [await checks(house.peer, results=[STRIP]) for _ in range(2)]
    (result,) = made["results"]
    path, key = f"{PATH}/{made['id']}/results", {"Idempotency-Key": "misread-by-lamp-light"}
    for reason in ResultVoidReason:
        await checks(house.peer, results=[STRIP])
        wrong = f"{PATH}/{other['id']}/results/{result['id']}/void"
        refused(await house.peer.post(wrong, {"reason": reason}), 404, "not_found")
    refused(await house.peer.post(f"{path}/no-result/void", {"reason": "misread"}), 404, "not_found")
    voided, again = [
        ok(await house.colleague.post(f"{path}/{result['id']}/void", {"reason": "misread"}, headers=key))
        for _ in range(2)
    ]
    assert voided == again == {**made, "results": [{**result, "void_reason": "misread"}]}
    refused(
        await house.peer.post(f"{path}/{result['id']}/void", {"reason": "other_sample"}), 409, "result_already_voided"
    )
    assert ok(await house.peer.get(f"{PATH}/{made['id']}")) == voided


async def test_a_bag_is_found_by_what_is_written_on_it_and_a_list_has_the_limits_of_its_methods(house: House) -> None:
    made, other = [await checks(house.peer) for _ in range(2)]
    assert made["sample"] != other["sample"]
    for written in (made["sample"], made["sample"].lower(), made["sample"].replace("-", "")):
        assert [one["id"] for one in await items(house.stranger, f"{PATH}?sample={written}")] == [made["id"]]
    assert await items(house.peer, f"{PATH}?sample=0000-0000") == []
    for wrong in ("7QK4", "7QK4-M2XP-1", "7QK4_M2XP", "", "ＡQK4-M2XP"):  # noqa: RUF001
        refused(await house.peer.get(PATH, params={"sample": wrong}), 422, "invalid_shape")
    strip, ftir = {**STRIP, "strip_lot": None}, {"target": "xylazine", "method": "ftir", "result": "not_detected"}
    before = [await checks(house.peer, results=[one], collected_in="2026-10") for one in (strip, ftir)]
    page = ok(await house.supervisor.get(PATH))
    assert [limits["method"] for limits in page["limits"]["methods"]] == ["strip", "ftir"]
    bare = [{name: value for name, value in one.items() if name != "limits"} for one in (made, other, *before)]
    assert sorted(page["items"], key=str) == sorted(bare, key=str)
    this_month = ok(await house.peer.get(f"{PATH}?collected_in=2026-11"))
    assert ({one["id"] for one in this_month["items"]}, this_month["limits"]["methods"]) == (
        {made["id"], other["id"]},
        [],
    )
    assert len(await every_item(house.peer, PATH, 1)) == 4


@ON_SQLITE
async def test_what_cannot_be_is_refused_by_name(house: House) -> None:
    refused(await house.peer.post(PATH, sample(collected_in="2026-12")), 409, "sample_not_yet_collected")
    refused(await house.peer.post(PATH, sample(zone="nowhere")), 409, "no_such_zone")
    for wrong in (
        {"collected_in": "2026-11-02"},
        {"collected_in": "2026-13"},
        {"expected": "sugar"},
        {"form": "bag"},
        {"code": "K7QP-2M9X-4TRD"},
        {"results": [STRIP, STRIP]},
        {"results": [{**STRIP, "safe": True}]},
        {"results": [{**STRIP, "result": "negative"}]},
        {"results": [{**STRIP, "abundance": "trace"}]},
    ):
        refused(await house.peer.post(PATH, sample(**wrong)), 422, "invalid_shape")
    assert await items(house.peer, PATH) == []
    house.clock.set(datetime(2026, 12, 1, 4, 30, tzinfo=UTC))
    refused(await house.peer.post(PATH, sample(collected_in="2026-12")), 409, "sample_not_yet_collected")
    house.clock.set(datetime(2026, 12, 1, 5, 30, tzinfo=UTC))
    await checks(house.peer, collected_in="2026-12")


async def test_the_whole_program_reads_it_and_nothing_that_is_kept_leads_to_anybody(
    house: House,
) -> None:
    made = await checks(house.peer, results=[STRIP])
    for caller in (house.peer, house.colleague, house.stranger, house.supervisor, house.other_supervisor):
        assert [one["id"] for one in await items(caller, PATH)] == [made["id"]]
    for caller in (house.agency, house.integrator, house.admin):
        refused(await caller.get(PATH), 403, "not_permitted")
        refused(await caller.post(PATH, sample()), 403, "not_permitted")
        refused(await caller.get(f"{PATH}/{made['id']}"), 403, "not_permitted")
    await absent(house.peer, f"{PATH}/{house.peer.id}")
    kept, results = await house.rows(select(table_of(DrugCheck)), select(table_of(DrugCheckResult)))
    assert kept[0].collected_in == date(2026, 11, 1)
    assert {row.id.version for row in (*kept, *results)} == {4}, "an id that grows with time tells the day"
    assert house.peer.id not in {value for row in (*kept, *results) for value in row}
