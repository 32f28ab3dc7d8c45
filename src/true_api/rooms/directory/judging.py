"""Judges one object of HSDS against its declared shape: what is required, of which form, and where it is wrong."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from true_api.kernel.errors import Fault, Unprocessable
from true_api.rooms.directory.shapes import SHAPES, HsdsObject, Shape

MOST_FAULTS = 100
LONGEST = 100_000
"""Characters of one text; a service area may be a whole outline on a map."""


class BrokenPackage(Unprocessable):
    """This is no HSDS package as the specification has it, and nothing of it was kept; see errors."""

    code = "broken_package"


def _is_uuid(text: str) -> bool:
    try:
        return len(text) == 36 and UUID(text) is not None
    except ValueError:
        return False


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text[:10]) is not None and (len(text) == 10 or _is_instant(text))
    except ValueError:
        return False


def _is_instant(text: str) -> bool:
    try:
        return re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d", text) is not None and datetime.fromisoformat(text) is not None
    except ValueError:
        return False


def _matches(pattern: str) -> Callable[[str], bool]:
    return lambda text: re.fullmatch(pattern, text, re.ASCII) is not None


def _among(*terms: str) -> Callable[[str], bool]:
    return lambda text: text in terms


FORMS: Mapping[str, tuple[Callable[[str], bool], str, str]] = {
    "uuid": (_is_uuid, "uuid_expected", "An id is a UUID, written with its four hyphens."),
    "email": (_matches(r"[^@\s]+@[^@\s]+"), "email_expected", "This is not written as an address of e-mail."),
    "uri": (_matches(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s]+"), "uri_expected", "A URI begins with its scheme."),
    "date": (_is_date, "date_expected", "A day is written as YYYY-MM-DD."),
    "instant": (_is_instant, "instant_expected", "An instant is written as RFC 3339 has it."),
    "time": (
        _matches(r"([01]\d|2[0-4]):[0-5]\d(:[0-5]\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?"),
        "time_expected",
        "A time of day is written as HH:MM.",
    ),
    "weekday": (_among("MO", "TU", "WE", "TH", "FR", "SA", "SU"), "unknown_term", "MO, TU, WE, TH, FR, SA or SU."),
    "freq": (_among("WEEKLY", "MONTHLY"), "unknown_term", "WEEKLY or MONTHLY."),
    "service_status": (
        _among("active", "inactive", "defunct", "temporarily closed"),
        "unknown_term",
        "active, inactive, defunct or temporarily closed.",
    ),
    "location_type": (
        _among("physical", "postal", "virtual", "redacted"),
        "unknown_term",
        "physical, postal or virtual; and redacted, where nobody outside of the program is told the address.",
    ),
    "address_type": (_among("physical", "postal", "virtual"), "unknown_term", "physical, postal or virtual."),
}
"""For each form of a text: whether it has it, and what to say where not."""


class Faults(list[Fault]):
    """What is wrong with a package, up to as many as somebody can read.

    Strict is whoever takes no field beside those of the specification; packages bring some of their own profile.
    """

    def __init__(self, strict: bool = False) -> None:
        super().__init__()
        self.strict = strict

    def add(self, pointer: str, code: str, detail: str) -> None:
        """Note one."""
        if len(self) < MOST_FAULTS:
            self.append(Fault(pointer, code, detail))

    def settle(self) -> None:
        """Raises `BrokenPackage` if anything is wrong."""
        if self:
            raise BrokenPackage(*self)


def judge(kind: HsdsObject, given: Mapping[str, Any], at: str, faults: Faults, in_csv: bool = False) -> None:
    """Judge the fields of one object itself; what stands inside of it is judged on its own."""
    shape = SHAPES[kind]
    for name, field in shape.fields.items():
        if name not in given:
            if field.required or (in_csv and field.required_in_csv):
                faults.add(f"{at}/{name}", "missing", "This field is required.")
            continue
        _judge_value(field.format, given[name], f"{at}/{name}", faults)
    if faults.strict and given.keys() - {*shape.fields, *shape.lists, *shape.ones}:
        faults.add(at, "unknown_field", "This object holds a field that the specification does not know.")
    if kind is HsdsObject.SERVICE_CAPACITY and not {"unit", "unit_id"} & given.keys():
        faults.add(f"{at}/unit", "missing", "A capacity says in which unit it counts.")
    for name in given.keys() & {*shape.lists, *shape.ones}:
        _judge_inside(shape, name, given[name], f"{at}/{name}", faults)


def _judge_inside(shape: Shape, name: str, value: Any, at: str, faults: Faults) -> None:
    if name in shape.ones:
        if not isinstance(value, dict):
            faults.add(at, "object_expected", "This is a JSON object.")
    elif not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        faults.add(at, "list_expected", "This is a list of JSON objects.")


def _judge_value(form: str | None, value: Any, at: str, faults: Faults) -> None:
    if form == "number":
        if isinstance(value, bool) or not isinstance(value, int | float):
            faults.add(at, "number_expected", "This is a number.")
        return
    if not isinstance(value, str):
        faults.add(at, "text_expected", "This is a text.")
    elif len(value) > LONGEST:
        faults.add(at, "too_long", "This text is longer than any entry needs.")
    elif form is not None and not FORMS[form][0](value):
        faults.add(at, FORMS[form][1], FORMS[form][2])
