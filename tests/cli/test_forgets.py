"""Nobody who was forgotten comes back: not with last week's backup of either store, nor of both."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from tests.cli.conftest import Operator
from tests.cli.last_week import Week, archives, aside, last_week, leaves, people_in, within
from tests.journeys.leaving import Life, left_in_files
from tests.stories.steps import items
from tests.world import House, Templates, intake, ok
from true_api.kernel.database_backup import backups_dir
from true_api.kernel.database_schema import migrate
from true_api.kernel.errors import Unavailable
from true_api.kernel.rows import table_of
from true_api.kernel.settings import read_settings
from true_api.kernel.stores import Store
from true_api.privacy.sealing import SealedUnavailable
from true_api.privacy.tombstones import FILE, OtherTombstoneKey
from true_api.rooms.intake.tables import IntakeRequest
from true_api.security.installation import Installation

ON_SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture(scope="module")
def lived(templates: Templates, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Week | None]:
    """Last week on SQLite, to copy from: both stores are files there."""
    if templates.name != "sqlite":
        yield None
        return
    folder = tmp_path_factory.mktemp("lived")
    with templates.copy(folder):
        yield last_week(Operator({"TRUE_DATA_DIR": str(folder)}))


@pytest.fixture
def week(lived: Week | None, tmp_path: Path, request: pytest.FixtureRequest) -> Week:
    """An operator of a program that somebody left, with backups from before."""
    if lived is None:
        return last_week(request.getfixturevalue("operator"))
    shutil.copytree(lived.operator.settings.data_dir, tmp_path, dirs_exist_ok=True)
    operator = Operator({"TRUE_DATA_DIR": str(tmp_path)})
    return Week(operator, lived.life, *archives(operator))


@pytest.fixture
def elsewhere(engine: str, week: Week, request: pytest.FixtureRequest) -> Iterator[Week]:
    """The same, with an empty place for the main store: PostgreSQL is restored into a new database only."""
    if engine == "sqlite":
        yield week
        return
    server, name = request.getfixturevalue("postgres"), f"empty_{uuid4().hex[:12]}"
    environment = {**week.operator.environment, "TRUE_DATABASE_URL": server.create(name)}
    yield Week(Operator(environment), week.life, week.main, week.keyring)
    server.drop(name)


def test_last_weeks_backups_of_both_stores_bring_nobody_back(elsewhere: Week, tmp_path: Path) -> None:
    operator = elsewhere.operator
    first = operator.does("restore", str(elsewhere.main), "--replace")
    second = operator.does("restore", str(elsewhere.keyring), "--replace")
    assert "Forgotten again, as these people had asked: 1 records" in first
    assert re.search(r"Forgotten again, as these people had asked: 0 records, [1-9]\d* keys", second)
    assert (elsewhere.left(), people_in(elsewhere)) == ([], 0)
    aside(operator)
    assert left_in_files(tmp_path, elsewhere.life) == []
    assert elsewhere.starts() == []


def test_the_keyring_first_is_as_good(elsewhere: Week) -> None:
    operator = elsewhere.operator
    operator.does("restore", str(elsewhere.keyring), "--replace")
    operator.does("restore", str(elsewhere.main), "--replace")
    assert (elsewhere.left(), people_in(elsewhere)) == ([], 0)
    assert elsewhere.starts() == []


@ON_SQLITE
def test_whoever_goes_around_the_command_is_met_when_the_server_starts(week: Week, tmp_path: Path) -> None:
    """Files put back by hand, with no word to anybody."""
    operator = week.operator
    for file in (week.main, week.keyring):
        operator.does("restore", str(file), "--replace", "--no-migrate")
    assert week.left() != []
    assert people_in(week) == 1
    assert week.starts() == []
    assert people_in(week) == 0
    aside(operator)
    assert left_in_files(tmp_path, week.life) == []


@ON_SQLITE
@pytest.mark.parametrize("lost", [(), (FILE,)])
def test_one_store_that_came_back_is_told_by_the_other_and_by_the_file(week: Week, lost: tuple[str, ...]) -> None:
    for name in lost:
        (week.operator.settings.data_dir / name).unlink()
    week.operator.does("restore", str(week.main), "--replace")
    assert (week.left(), people_in(week)) == ([], 0)
    for name in lost:
        (week.operator.settings.data_dir / name).unlink()
    week.operator.does("restore", str(week.keyring), "--replace")
    assert week.left() == []
    assert (week.operator.settings.data_dir / FILE).exists()


@ON_SQLITE
def test_others_come_back_with_a_backup_as_they_should(operator: Operator) -> None:
    async def two(house: House) -> tuple[str, str]:
        return await house.peer.enrolls(), await house.peer.enrolls()

    async def read(house: House) -> tuple[int, str]:
        answer = await house.peer.get(f"/v1/participants/{stays}")
        return answer.status_code, ok(await house.peer.get("/v1/encounters"))["items"][0]["setting"]

    async def noted(house: House) -> None:
        await house.peer.records(stays, note="Slept well.")

    goes, stays = within(operator, two)
    within(operator, noted)
    operator.does("backup")
    within(operator, lambda house: leaves(house, Life(goes)))
    for file in sorted(backups_dir(operator.settings).glob("*-*.tar")):
        operator.does("restore", str(file), "--replace")
    assert within(operator, read) == (200, "street")


@ON_SQLITE
def test_a_request_that_a_person_was_connected_to_after_the_backup_goes_too(operator: Operator) -> None:
    async def posts(house: House) -> str:
        ok(await house.agency.post("/v1/intake-requests", intake(own_reference="case 77")))
        return str((await items(house.peer, "/v1/intake-requests"))[0]["id"])

    async def comes_and_goes(house: House) -> None:
        connected = ok(await house.peer.post(f"/v1/intake-requests/{request}/connection", {}))
        await leaves(house, Life(connected["code"]))

    async def requests(installation: Installation) -> list[Any]:
        return list((await installation.database.read(select(table_of(IntakeRequest))))[0])

    request = within(operator, posts)
    operator.does("backup")
    within(operator, comes_and_goes)
    (main,) = backups_dir(operator.settings).glob("true-*.tar")
    operator.does("restore", str(main), "--replace")
    assert Week(operator, Life(), main, main).opened(requests) == []


@ON_SQLITE
def test_a_keyring_that_cannot_tell_who_was_forgotten_lets_nothing_start(week: Week) -> None:
    """A new and empty keyring has made none of the marks; what came back stays shut until a newer one is here."""
    operator = week.operator
    operator.does("restore", str(week.main), "--replace", "--no-migrate")
    for file in operator.settings.data_dir.glob("keyring.db*"):
        file.unlink()
    migrate(operator.settings.url_of(Store.KEYRING), store=Store.KEYRING)
    for command in (("serve",), ("restore", str(week.main), "--replace")):
        result = operator.run(*command)
        assert result.exit_code == 1
        assert OtherTombstoneKey.title() in result.stderr
    with pytest.raises(OtherTombstoneKey):
        week.starts()
    operator.does("restore", str(week.keyring), "--replace")
    assert week.starts() == []


@ON_SQLITE
def test_without_the_master_key_a_store_that_came_back_stays_shut(week: Week) -> None:
    masters = week.operator.settings.keys_dir / "master.keys"
    week.operator.does("restore", str(week.main), "--replace", "--no-migrate")
    shutil.move(masters, masters.with_suffix(".aside"))
    with pytest.raises(SealedUnavailable):
        week.starts()
    shutil.move(masters.with_suffix(".aside"), masters)
    assert week.starts() == []
    shutil.move(masters, masters.with_suffix(".aside"))
    assert week.starts() == []


@ON_SQLITE
def test_the_first_of_two_stores_on_a_new_machine_waits_for_the_other(week: Week, tmp_path: Path) -> None:
    data_dir = tmp_path / "new"
    settings = week.operator.settings
    data_dir.mkdir()
    shutil.copytree(settings.keys_dir, data_dir / "keys")
    shutil.copy(settings.data_dir / FILE, data_dir / FILE)
    newcomer = Operator({"TRUE_DATA_DIR": str(data_dir)})
    assert read_settings(newcomer.environment).data_dir == data_dir
    moved = Week(newcomer, week.life, week.main, week.keyring)
    assert "forgotten again when the other store is here" in newcomer.does("restore", str(week.main))
    assert people_in(moved) == 1
    assert "1 records" in newcomer.does("restore", str(week.keyring))
    assert (moved.left(), people_in(moved)) == ([], 0)


@ON_SQLITE
def test_a_keyring_that_does_not_answer_keeps_shut_what_the_file_says_came_back_and_nothing_else(week: Week) -> None:
    keyring = week.operator.settings.data_dir / "keyring.db"
    for file in (keyring, *keyring.parent.glob("keyring.db-*")):
        file.rename(file.with_name(f"aside-{file.name}"))
    keyring.mkdir()
    assert week.starts_for_facts() == 404
    week.operator.does("restore", str(week.main), "--replace", "--no-migrate")
    with pytest.raises(Unavailable):
        week.starts_for_facts()
    keyring.rmdir()
    for file in keyring.parent.glob("aside-*"):
        file.rename(file.with_name(file.name.removeprefix("aside-")))
    assert week.starts() == []
