"""The CSV package of HSDS: a ZIP archive with one file for each object and a `datapackage.json` (Frictionless Data)."""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

from true_api.kernel.errors import Malformed
from true_api.kernel.strict_json import read_json
from true_api.rooms.directory.judging import Faults, judge
from true_api.rooms.directory.packages import Package, taken_apart
from true_api.rooms.directory.shapes import FILES, SHAPES, Field, HsdsObject
from true_api.rooms.directory.tables_in_json import FlatRow, Given, Tables, standing_together

MOST_FILES, MOST_BYTES = 64, 64 * 1024 * 1024
"""What an archive may hold once it is unpacked; it is read no further than that."""
DESCRIPTION = "datapackage.json"
THE_SAME_TIME = (1980, 1, 1, 0, 0, 0)
TYPES = {"number": "number", "date": "date", "time": "time", "instant": "datetime"}


def read_archive(content: bytes) -> Package:
    """A CSV package. Raises `BrokenPackage` with file, line and column of everything that is wrong."""
    faults = Faults()
    rows = list(_rows(_unpacked(content, faults), faults))
    faults.settle()
    if not rows:
        faults.add("", "empty_package", "There is nothing in this package.")
        faults.settle()
    return taken_apart(standing_together(rows), whole=True)


def _unpacked(content: bytes, faults: Faults) -> dict[str, str]:
    """The texts of the files that matter, by their plain names; what an archive says of its sizes is not believed."""
    texts, left = dict[str, str](), MOST_BYTES
    try:
        with ZipFile(io.BytesIO(content)) as archive:
            if len(archive.infolist()) > MOST_FILES:
                faults.add("", "too_many_files", "An archive holds one file for each object, and few others.")
                return {}
            for inside in archive.infolist():
                name = PurePosixPath(inside.filename).name
                if not name.endswith(".csv") and name != DESCRIPTION:
                    continue
                with archive.open(inside) as file:
                    read = file.read(left + 1)
                left -= len(read)
                if left < 0:
                    faults.add("", "too_large", "Unpacked, this archive is larger than any directory.")
                    return {}
                texts[name] = read.decode("utf-8-sig")
    except UnicodeDecodeError:
        faults.add("", "not_utf8", "The files of a package are written in UTF-8.")
    except (BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError, ValueError):
        # Broken, encrypted, or compressed in a way that nobody reads.
        faults.add("", "not_an_archive", "This is no ZIP archive that can be read.")
    return texts


def _rows(texts: Mapping[str, str], faults: Faults) -> Iterator[Given]:
    described = _described(texts.get(DESCRIPTION))
    for name, text in texts.items():
        if name == DESCRIPTION:
            continue
        kind = FILES.get(described.get(name, ""), FILES.get(name.removesuffix(".csv")))
        if kind is None:
            faults.add("", "unknown_object", "A file of the package is called like no object of the specification.")
        else:
            yield from _rows_of(kind, f"{SHAPES[kind].file}", text, faults)


def _described(text: str | None) -> dict[str, str]:
    """What each file holds, where the archive says so."""
    try:
        described = read_json(text.encode()) if text is not None else None
    except Malformed:
        return {}
    resources = described.get("resources") if isinstance(described, dict) else None
    return {
        PurePosixPath(str(one.get("path"))).name: str(one.get("name"))
        for one in (resources if isinstance(resources, list) else [])
        if isinstance(one, dict)
    }


def _rows_of(kind: HsdsObject, file: str, text: str, faults: Faults) -> Iterator[Given]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    seen = set[str]()
    try:
        columns = [column.strip() for column in next(reader, [])]
        if len(set(columns)) != len(columns) or "\0" in text:
            faults.add(f"{file}:1", "broken_table", "Each column is named once, and no text holds a NUL.")
            return
        line = reader.line_num + 1
        for cells in reader:
            at, line = f"{file}:{line}", reader.line_num + 1
            if not any(cells):
                continue
            if len(cells) > len(columns):
                faults.add(at, "broken_table", "This row has more cells than there are columns.")
                continue
            row = _row(kind, dict(zip(columns, cells, strict=False)))
            judge(kind, row, at, faults, in_csv=True)
            if row.get("id", "").lower() in seen:
                faults.add(f"{at}/id", "contradiction", "An earlier row of this file has the same id.")
            seen.add(row.get("id", "").lower())
            yield Given(kind, row, at)
    except csv.Error:
        faults.add(f"{file}:{reader.line_num}", "broken_table", "This line cannot be read as CSV (RFC 4180).")


def _row(kind: HsdsObject, cells: Mapping[str, str]) -> FlatRow:
    """The cells that say something, numbers as numbers; an empty one of a text that is required is an empty text."""
    fields, row = SHAPES[kind].fields, FlatRow()
    for name, cell in cells.items():
        field = fields.get(name)
        if cell or (field is not None and field.required and field.format is None):
            row[name] = _number(cell) if field is not None and field.format == "number" else cell
    return row


def _number(cell: str) -> Any:
    try:
        return read_json(cell.encode())
    except Malformed:
        return cell


def written(tables: Tables) -> bytes:
    """The archive of tables, with a description of each."""
    packed = io.BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        resources = []
        for kind, rows in tables.items():
            columns = _columns(kind, rows)
            _add(archive, SHAPES[kind].file, _table(columns, rows))
            resources.append(_resource(kind, columns))
        described = {"name": "directory", "profile": "tabular-data-package", "resources": resources}
        _add(archive, DESCRIPTION, json.dumps(described, indent=2))
    return packed.getvalue()


def _add(archive: ZipFile, name: str, text: str) -> None:
    inside = ZipInfo(name, THE_SAME_TIME)
    inside.compress_type = ZIP_DEFLATED
    archive.writestr(inside, text)


def _columns(kind: HsdsObject, rows: list[FlatRow]) -> list[str]:
    fields, used = SHAPES[kind].fields, {name for row in rows for name in row}
    declared = [name for name, field in fields.items() if field.required_in_csv or name in used]
    return [*declared, *sorted(used - fields.keys())]


def _table(columns: list[str], rows: list[FlatRow]) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_cell(row.get(column, "")) for column in columns])
    return text.getvalue()


def _cell(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _resource(kind: HsdsObject, columns: list[str]) -> dict[str, Any]:
    known = SHAPES[kind].fields
    fields = [{"name": name, "type": _type(known.get(name))} for name in columns]
    return {
        "name": kind.value,
        "path": SHAPES[kind].file,
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "schema": {"primaryKey": "id", "fields": fields},
    }


def _type(field: Field | None) -> str:
    return TYPES.get(field.format or "", "string") if field is not None else "string"
