"""Fetching files: whole, in parts, not at all when nothing changed, and by systems that read what was released."""

from collections.abc import AsyncIterator

import pytest

from tests.outlets.exporting import exported, fetched, made
from tests.world import House, ok, refused
from true_api.api.fetched import Fetchable, asked_for
from true_api.kernel.errors import RangeNotSatisfiable

ETAG = '"5b0d7c529f0e4d3b8a6e2f1c7a9e4d10"'


async def _nothing(_start: int, _end: int) -> AsyncIterator[bytes]:
    yield b""


def _file(size: int) -> Fetchable:
    return Fetchable("a.csv", "text/csv", size, ETAG, (), _nothing)


@pytest.mark.parametrize(
    ("header", "part"),
    [
        ("bytes=0-0", (0, 1)),
        ("bytes=0-", (0, 100)),
        ("bytes=10-19", (10, 20)),
        ("bytes=90-1000", (90, 100)),
        ("bytes=99-", (99, 100)),
        ("bytes=-1", (99, 100)),
        ("bytes=-1000", (0, 100)),
        ("Bytes=5-6", (5, 7)),
        ("bytes=6-5", None),
        ("bytes=-", None),
        ("bytes=a-b", None),
        ("bytes=0-1,5-6", None),
        ("lines=0-1", None),
        ("bytes=\u0661-2", None),
        ("bytes=0-9999999999999999999999", None),
        (None, None),
    ],
)
def test_a_range_asks_for_a_part_and_what_is_none_for_the_whole(header: str | None, part: object) -> None:
    assert asked_for(header, None, _file(100)) == part


@pytest.mark.parametrize(("header", "size"), [("bytes=100-", 100), ("bytes=-0", 100), ("bytes=0-", 0), ("bytes=-5", 0)])
def test_where_no_byte_is_within_it_the_length_is_told(header: str, size: int) -> None:
    with pytest.raises(RangeNotSatisfiable) as refusal:
        asked_for(header, None, _file(size))
    assert refusal.value.headers["Content-Range"] == f"bytes */{size}"


@pytest.mark.parametrize("condition", ['"another"', f"W/{ETAG}", "Mon, 02 Nov 2026 17:00:00 GMT"])
def test_a_part_of_another_version_is_never_given(condition: str) -> None:
    assert asked_for("bytes=0-1", condition, _file(100)) is None
    assert asked_for("bytes=0-1", ETAG, _file(100)) == (0, 2)


async def test_a_file_is_fetched_whole_in_parts_and_not_when_nothing_changed(house: House) -> None:
    await house.peer.records(await house.peer.enrolls())
    path = f"{await exported(house, form='csv', tables=['encounters'])}/files/encounters.csv"
    whole = await house.supervisor.get(path)
    size, etag = len(whole.content), whole.headers["etag"]
    assert (whole.headers["accept-ranges"], whole.headers["content-type"]) == ("bytes", "text/csv; charset=utf-8")
    assert whole.headers["content-disposition"] == 'attachment; filename="encounters.csv"'

    part = await house.supervisor.get(path, headers={"Range": "bytes=3-20", "If-Range": etag})
    assert (part.status_code, part.content) == (206, whole.content[3:21])
    assert (part.headers["content-range"], part.headers["etag"]) == (f"bytes 3-20/{size}", etag)
    other = await house.supervisor.get(path, headers={"Range": "bytes=3-20", "If-Range": '"another"'})
    assert (other.status_code, other.content) == (200, whole.content)
    beyond = await house.supervisor.get(path, headers={"Range": f"bytes={size}-"})
    refused(beyond, 416, "range_not_satisfiable")
    assert beyond.headers["content-range"] == f"bytes */{size}"

    head = await house.supervisor.call("HEAD", path)
    assert (head.status_code, head.content, head.headers["content-length"]) == (200, b"", str(size))
    assert head.headers["etag"] == etag
    same = await house.supervisor.get(path, headers={"If-None-Match": etag, "Range": "bytes=0-1"})
    assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", etag)


async def test_what_was_released_is_read_as_files_by_whoever_reads_releases(house: House) -> None:
    ok(await house.admin.post("/v1/releases", {"period": "2026-09"}))
    for caller in (house.integrator, house.agency):
        asked = await caller.post("/v1/exports", {"kind": "releases", "format": "ndjson"})
        path = asked.headers["location"]
        assert asked.status_code == 202
        export = await made(house, path, caller)
        assert (export["state"], export["people"]) == ("done", None)
        wanted = {"Accept": "application/x-ndjson"}
        for file in export["files"]:
            released = await caller.get(f"/v1/releases/tables/{file['table']}", headers=wanted)
            assert (await caller.get(f"{path}/files/{file['name']}")).content == released.content
        refused(await house.supervisor.get(path), 404, "not_found")
        assert ok(await caller.call("DELETE", path))["state"] == "cancelled"
        refused(await caller.get(f"{path}/files/{export['files'][0]['name']}"), 410, "export_gone")


async def test_a_file_that_was_altered_on_disk_is_not_given_out(house: House) -> None:
    await house.peer.records(await house.peer.enrolls())
    path = await exported(house, form="csv", tables=["encounters"])
    for file in (house.settings.data_dir / "exports").rglob("*"):
        if file.is_file():
            content = bytearray(file.read_bytes())
            content[5] ^= 1
            file.write_bytes(bytes(content))
    with pytest.raises(Exception, match="broke off|RecordUnreadable|response"):
        await fetched(house, path, "encounters.csv")
