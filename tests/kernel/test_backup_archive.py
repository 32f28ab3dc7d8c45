"""The form of a backup: every byte counts, and what is not whole is refused before anything is touched."""

import hashlib
import subprocess
import tarfile
from pathlib import Path

import pytest

from tests.world import NOON, house_settings
from true_api.kernel.backup_archive import open_archive, store_named_in, write_archive
from true_api.kernel.backup_manifest import BackupRefused, Manifest, Tally, UnfitArchive
from true_api.kernel.database_backup import restore_backup
from true_api.kernel.settings import Settings
from true_api.kernel.stores import Store

ROWS = [f"row {number} of a table\n".encode() for number in range(300)]


def content_of(rows: list[bytes]) -> Tally:
    tally = Tally()
    for row in rows:
        tally.add_lines(row)
    return tally


def manifest(**over: object) -> Manifest:
    table = content_of(ROWS).content("notes", ["id"])
    told = {"engine": "postgresql", "revision": "0002", "made_at": NOON, "made_by": "0.1.0", "tables": (table,)}
    return Manifest(**{**told, **over})  # type: ignore[arg-type]


@pytest.fixture
def whole(tmp_path: Path) -> Path:
    copied, file = tmp_path / "notes.copy", tmp_path / "true.tar"
    copied.write_bytes(b"".join(ROWS))
    write_archive(file, manifest(), [copied])
    return file


@pytest.fixture
def place(tmp_path: Path) -> Settings:
    """An empty data directory, on SQLite."""
    return house_settings(tmp_path / "place", f"sqlite:///{tmp_path / 'place' / 'true.db'}")


def refusal(file: Path) -> str:
    with pytest.raises(UnfitArchive, match="[Nn]othing was touched") as refused, open_archive(file):
        pass
    return str(refused.value)


def test_a_whole_archive_gives_back_what_was_written(whole: Path) -> None:
    with open_archive(whole) as archive:
        assert archive.manifest == manifest()
        assert b"".join(archive.parts["notes.copy"].chunks()) == b"".join(ROWS)
    assert whole.stat().st_mode & 0o777 == 0o600


def test_any_tar_and_sha256sum_can_read_and_check_it(whole: Path, tmp_path: Path) -> None:
    with tarfile.open(whole) as tar:
        # Python before 3.11.4 knows no filters.
        tar.extractall(tmp_path / "read", **({"filter": "data"} if hasattr(tarfile, "data_filter") else {}))
    checked = subprocess.run(["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=tmp_path / "read", check=False)
    assert checked.returncode == 0


def test_no_byte_of_an_archive_can_be_altered(whole: Path) -> None:
    content = bytearray(whole.read_bytes())
    for place in range(0, len(content), 23):
        content[place] ^= 0x20
        whole.write_bytes(content)
        refusal(whole)
        content[place] ^= 0x20
    whole.write_bytes(content)
    with open_archive(whole):
        pass


def test_an_archive_that_is_cut_off_anywhere_is_refused(whole: Path) -> None:
    content = whole.read_bytes()
    for length in (*range(0, len(content), 97), len(content) - 1):
        whole.write_bytes(content[:length])
        refusal(whole)


def test_an_archive_that_goes_on_after_its_end_is_refused(whole: Path) -> None:
    whole.write_bytes(whole.read_bytes() + bytes(512))
    refusal(whole)


@pytest.mark.parametrize("content", [b"", b"PGDMP", b"\x00" * 10_240, b"SHA256SUMS", b"[" * 20_000])
def test_a_file_of_another_kind_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "other").write_bytes(content)
    refusal(tmp_path / "other")


def test_an_ordinary_tar_file_is_refused(whole: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.tar"
    with tarfile.open(other, "w") as tar:
        tar.add(whole, "true.tar")
    assert "not a backup that TRUE API made" in refusal(other)


def test_an_archive_of_a_later_form_names_its_cure(tmp_path: Path) -> None:
    later = Manifest.model_construct(**{**dict(manifest()), "version": 3})
    write_archive(tmp_path / "later.tar", later, [])
    assert "newer version" in refusal(tmp_path / "later.tar")


def test_an_archive_of_the_first_form_knew_one_store_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.copy").write_bytes(b"".join(ROWS))
    told = manifest().model_dump(exclude={"store"}) | {"version": 1}
    earlier = Manifest.model_construct(**{**dict(manifest()), "version": 1})
    write_archive(tmp_path / "earlier.tar", earlier, [tmp_path / "notes.copy"])
    with open_archive(tmp_path / "earlier.tar") as archive:
        assert archive.manifest.store is Store.MAIN
    assert Manifest.model_validate(told, strict=False).store is Store.MAIN


def test_an_archive_says_of_which_store_it_is_before_it_is_checked(tmp_path: Path) -> None:
    (tmp_path / "notes.copy").write_bytes(b"".join(ROWS))
    for store in Store:
        write_archive(tmp_path / f"{store}.tar", manifest(store=store), [tmp_path / "notes.copy"])
        assert store_named_in(tmp_path / f"{store}.tar") is store
    (tmp_path / "noise.tar").write_bytes(b"no archive at all")
    for name in ("noise.tar", "none.tar", "notes.copy"):
        assert store_named_in(tmp_path / name) is Store.MAIN


@pytest.mark.parametrize("over", [{"format": "other"}, {"engine": "mysql"}, {"revision": "../up"}])
def test_a_manifest_that_makes_no_sense_is_refused(tmp_path: Path, over: dict[str, object]) -> None:
    copied = tmp_path / "notes.copy"
    copied.write_bytes(b"")
    write_archive(tmp_path / "odd.tar", Manifest.model_construct(**{**dict(manifest()), **over}), [copied])
    refusal(tmp_path / "odd.tar")


def test_an_archive_with_a_file_too_many_or_too_few_is_refused(tmp_path: Path) -> None:
    for name in ("notes.copy", "others.copy"):
        (tmp_path / name).write_bytes(b"")
    write_archive(tmp_path / "few.tar", manifest(), [])
    write_archive(tmp_path / "many.tar", manifest(), [tmp_path / "notes.copy", tmp_path / "others.copy"])
    assert refusal(tmp_path / "few.tar") == refusal(tmp_path / "many.tar")


def test_a_backup_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnfitArchive, match="no backup of this name"), open_archive(tmp_path / "none.tar"):
        pass


def test_a_damaged_backup_touches_nothing(whole: Path, place: Settings) -> None:
    content = bytearray(whole.read_bytes())
    content[len(content) // 2] ^= 1
    whole.write_bytes(content)
    with pytest.raises(UnfitArchive):
        restore_backup(place, NOON, whole)
    assert not place.data_dir.exists()


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_a_backup_goes_back_onto_its_own_engine_only(tmp_path: Path, engine: str) -> None:
    part = "true.db" if engine == "sqlite" else "notes.copy"
    other = "postgresql://127.0.0.1:1/none" if engine == "sqlite" else f"sqlite:///{tmp_path / 'true.db'}"
    (tmp_path / part).write_bytes(b"")
    write_archive(tmp_path / "true.tar", manifest(engine=engine), [tmp_path / part])
    (tmp_path / part).unlink()
    with pytest.raises(UnfitArchive, match="moving to the other engine is not offered"):
        restore_backup(house_settings(tmp_path, other), NOON, tmp_path / "true.tar")
    assert not (tmp_path / "true.db").exists()


def test_a_backup_of_an_unknown_revision_is_refused(place: Settings, tmp_path: Path) -> None:
    (tmp_path / "true.db").write_bytes(b"")
    write_archive(tmp_path / "true.tar", manifest(engine="sqlite", revision="9999"), [tmp_path / "true.db"])
    with pytest.raises(BackupRefused, match="A newer version of TRUE API made this backup"):
        restore_backup(place, NOON, tmp_path / "true.tar")
    assert not (place.data_dir / "true.db").exists()


def test_the_checksum_of_a_table_knows_its_rows_and_not_their_order() -> None:
    in_order = content_of(ROWS).content("notes", ["id"])
    assert content_of(ROWS[::-1]).content("notes", ["id"]) == in_order
    assert content_of([b"".join(ROWS)[start : start + 11] for start in range(0, 9_000, 11)]).content(
        "notes", ["id"]
    ) == (in_order)
    for others in (ROWS[1:], [*ROWS, ROWS[0]], [ROWS[1], *ROWS[1:]]):
        assert content_of(others).content("notes", ["id"]).checksum != in_order.checksum
    only = int.from_bytes(hashlib.sha256(ROWS[0].rstrip()).digest(), "big")
    assert content_of(ROWS[:1]).content("notes", ["id"]).checksum == f"{only:064x}"
