"""The doctor: finds what is wrong, says what to do, and tells nobody's secrets."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from tests.cli.conftest import ON_SQLITE, PROGRAM, Operator
from tests.cli.reading import keep
from tests.security.trails import Place, seal_again
from true_api.cli.audit_findings import LARGEST_BACKLOG as LARGEST_WAIT
from true_api.cli.audit_findings import of_waiting
from true_api.cli.doctor import LARGEST_BACKLOG, of_backlog
from true_api.cli.findings import LOW_SPACE, NO_SPACE, OLDEST_KEY, OLDEST_PROOF, of_clock, of_keys, of_restore, of_space
from true_api.kernel.clock import SystemClock
from true_api.kernel.database_schema import migrate, migrate_back
from true_api.kernel.ids import new_id
from true_api.kernel.sequencer import Pending
from true_api.kernel.settings import Settings
from true_api.security.signing_keys import make_first_keys
from true_api.security.trail_publishing import HEADS_FILE

SECRET = "marigold"
NOW = datetime(2026, 11, 2, 17, 0, tzinfo=UTC)


def lines(operator: Operator, **more: str) -> dict[str, tuple[str, str]]:
    """What was looked at, how it is, and in which words; the last line of each."""
    result = operator.run("doctor", **more)
    examined = [line.split(None, 2) for line in result.stdout.split("\n\n")[0].splitlines()]
    failed = any(level == "fail" for level, *_ in examined)
    assert result.exit_code == int(failed), result.output
    return {what: (level, words) for level, what, words in examined}


def levels(operator: Operator) -> dict[str, str]:
    """How everything is."""
    return {what: level for what, (level, _) in lines(operator).items()}


def test_a_healthy_installation_is_found_healthy(newcomer_on_either: Operator) -> None:
    newcomer_on_either.does("setup", *PROGRAM)
    newcomer_on_either.does("backup")
    looked_at = ["settings", "data", "disk", "keys", "schema", "database", "wall", "clock", "program", "sequencer"]
    looked_at += ["sealer", "heads", "jobs", "master", "keyring", "restore", "keyring-restore"]
    found = lines(newcomer_on_either)
    assert list(found) == looked_at
    assert {what: words for what, (level, words) in found.items() if level == "fail"} == {}
    assert {"settings", "data", "keys", "schema", "clock", "program", "sequencer", "master", "restore"} <= {
        what for what, (level, _) in found.items() if level == "ok"
    }


def test_before_setup_the_doctor_sends_to_setup_and_makes_nothing(newcomer: Operator) -> None:
    found = lines(newcomer)
    missing = {"data", "keys", "schema", "master", "keyring"}
    assert {what for what, (level, _) in found.items() if level == "fail"} == missing
    assert all("setup" in found[what][1] for what in missing)
    assert not newcomer.settings.data_dir.exists()


def test_each_thing_that_is_broken_is_named(newcomer: Operator) -> None:
    newcomer.does("setup", *PROGRAM)
    settings = newcomer.settings
    (settings.keys_dir / "server.secret").chmod(0o640)
    assert (levels(newcomer)["keys"], levels(newcomer)["program"]) == ("fail", "ok")
    assert "set its mode to 0600" in lines(newcomer)["keys"][1]
    settings.data_dir.chmod(0o755)
    assert levels(newcomer)["data"] == "warn"
    migrate_back(settings.effective_database_url, "0001")
    found = lines(newcomer)
    assert found["schema"][0] == "fail"
    assert "true-api upgrade" in found["schema"][1]
    assert "program" not in found


def test_tables_without_a_program_are_not_enough(newcomer_on_either: Operator) -> None:
    settings = newcomer_on_either.settings
    migrate(settings.effective_database_url)
    make_first_keys(settings.keys_dir, SystemClock().now(), False)
    assert lines(newcomer_on_either)["program"][0] == "fail"


def test_a_database_that_is_gone_or_not_one_is_named_without_its_address(newcomer: Operator, tmp_path: Path) -> None:
    gone = f"postgresql://{SECRET}:petal@127.0.0.1:1/true"
    (tmp_path / "noise.db").write_bytes(b"this is no database" * 100)
    for address in (gone, f"sqlite:///{tmp_path / 'noise.db'}"):
        level, words = lines(newcomer, TRUE_DATABASE_URL=address)["database"]
        assert level == "fail"
        assert "TRUE_DATABASE_URL" in words
        assert SECRET not in words
        assert "petal" not in words


@ON_SQLITE
def test_entries_that_wait_for_their_place_are_counted(operator: Operator) -> None:
    assert "wait for their place: 1." in operator.run("doctor").stdout
    keep(operator.settings, [Pending(entry_id=new_id(), stream="trail") for _ in range(7)])
    assert "wait for their place: 8." in operator.run("doctor").stdout
    assert (of_backlog(LARGEST_BACKLOG).level, of_backlog(LARGEST_BACKLOG + 1).level) == ("ok", "warn")


@ON_SQLITE
def test_seals_and_heads_outside_are_looked_at(operator: Operator) -> None:
    seal_again(operator.settings)
    sealed = lines(operator)
    assert sealed["sealer"] == ("ok", "Entries of the trail that wait to be sealed: 0.")
    assert sealed["heads"][0] == "ok"
    file = operator.settings.heads_place / HEADS_FILE
    longer = file.read_text()
    file.write_text("")
    assert lines(operator)["heads"][0] == "warn"
    file.write_text(longer)
    Place(operator.settings).change(lambda superuser: superuser.unseal())
    assert lines(operator)["sealer"][1] == "Entries of the trail that wait to be sealed: 1."
    level, words = lines(operator)["heads"]
    assert level == "fail"
    assert "true-api audit verify" in words
    assert (of_waiting(LARGEST_WAIT).level, of_waiting(LARGEST_WAIT + 1).level) == ("ok", "warn")


def test_every_setting_is_listed_and_no_secret_is_told(newcomer: Operator) -> None:
    printed = newcomer.run("doctor", TRUE_DATABASE_URL=f"postgresql://{SECRET}:petal@127.0.0.1:1/true").output
    for name, field in Settings.model_fields.items():
        assert f"TRUE_{name.upper()}" in printed
        assert str(field.description) in printed
    assert "TRUE_DATABASE_URL (set)" in printed
    assert SECRET not in printed
    assert "petal" not in printed


def test_settings_that_cannot_be_used_are_named_and_the_others_listed(newcomer: Operator) -> None:
    for name, value in (("TRUE_MARIGOLD", "petal"), ("TRUE_PORT", "petal")):
        result = newcomer.run("doctor", **{name: value})
        assert result.exit_code == 1
        assert result.stdout.startswith("fail")
        assert name in result.stdout
        assert "TRUE_BODY_LIMIT" in result.stdout
        assert "petal" not in result.stdout


def test_settings_that_do_not_fit_together_are_pointed_out(newcomer: Operator) -> None:
    assert lines(newcomer, TRUE_HOST="0.0.0.0")["settings"][0] == "warn"
    assert lines(newcomer, TRUE_HOST="0.0.0.0", TRUE_PUBLIC_URL="https://api.example.org")["settings"][0] == "ok"
    assert lines(newcomer, TRUE_DEMO="true")["settings"][0] == "warn"


@pytest.mark.parametrize(
    ("now", "newest", "level"),
    [
        (NOW, None, "ok"),
        (NOW, NOW - timedelta(days=400), "ok"),
        (NOW, NOW + timedelta(minutes=4), "ok"),
        (NOW, NOW + timedelta(minutes=6), "fail"),
        (NOW.replace(year=1970), None, "fail"),
        (NOW.replace(year=2100), None, "fail"),
    ],
)
def test_a_clock_that_cannot_be_right_is_found(now: datetime, newest: datetime | None, level: str) -> None:
    assert of_clock(now, newest).level == level


def test_a_disk_that_runs_full_is_found(newcomer: Operator) -> None:
    found = [of_space(newcomer.settings, free).level for free in (LOW_SPACE, LOW_SPACE - 1, NO_SPACE - 1)]
    assert found == ["ok", "warn", "fail"]


def test_a_key_that_signed_for_long_is_found(newcomer: Operator) -> None:
    settings = newcomer.settings
    make_first_keys(settings.keys_dir, NOW, False)
    [fresh], [old] = of_keys(settings, NOW), of_keys(settings, NOW + OLDEST_KEY + timedelta(seconds=1))
    assert (fresh.level, old.level) == ("ok", "warn")
    assert "keys rotate" in old.words


@ON_SQLITE
def test_a_proof_that_is_old_missing_or_of_another_database_does_not_reassure(operator: Operator) -> None:
    settings, now = operator.settings, SystemClock().now()
    assert of_restore(settings, now).level == "warn"
    operator.does("backup")
    assert of_restore(settings, now).level == "ok"
    assert of_restore(settings, now + OLDEST_PROOF + timedelta(minutes=5)).level == "warn"
    other = settings.model_copy(update={"database_url": type(settings.database_url)(f"postgresql://h/{uuid4().hex}")})
    assert of_restore(other, now).level == "warn"
    for proof in settings.data_dir.glob("backups/*.json"):
        proof.write_text("{}")
    assert of_restore(settings, now).level == "warn"
