"""Reads JSON as RFC 8259 writes it, and refuses what two readers could understand differently.

Also refused is what no field could keep unchanged: numbers without a 64-bit form, NUL, unpaired surrogates.
"""

import json
import math
import re
from itertools import accumulate
from typing import NoReturn

from true_api.kernel.errors import (
    DuplicateKey,
    MalformedJson,
    NestedTooDeep,
    NumberNotRepresentable,
    TextNotRepresentable,
)

DEEPEST = 32
LONGEST_INTEGER = 19
LONGEST_FRACTION = 32

_ESCAPED = re.compile(rb"\\.", re.DOTALL)
_NEITHER_QUOTE_NOR_BRACKET = bytes(sorted(set(range(256)) - set(b'"[]{}')))
_STEP = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}
_NOT_ZERO = re.compile("^[-0.]*[1-9]")
_UNREPRESENTABLE_ESCAPE = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")
_UNREPRESENTABLE = re.compile("[\x00\ud800-\udfff]")


def read_json(body: bytes) -> object:
    """The value that a body holds; raises the leaf of Malformed that says why it cannot be read."""
    if _is_too_deep(body):
        raise NestedTooDeep
    try:
        value: object = _DECODER.decode(body.decode("utf-8"))
    except ValueError:
        raise MalformedJson from None
    # Strict UTF-8 and JSON let such a character in only through an escape, so most bodies skip this walk.
    if _UNREPRESENTABLE_ESCAPE.search(body) and not _is_representable(value):
        raise TextNotRepresentable
    return value


def _is_too_deep(body: bytes) -> bool:
    """Whether brackets outside texts nest too deep, found before a recursive reader meets them."""
    if body.count(b"[") + body.count(b"{") <= DEEPEST:
        return False
    # Without escaped characters, every second piece between quotes lies outside of texts.
    marks = _ESCAPED.sub(b"", body).translate(None, delete=_NEITHER_QUOTE_NOR_BRACKET)
    brackets = b"".join(marks.split(b'"')[::2])
    return any(depth > DEEPEST for depth in accumulate(_STEP[bracket] for bracket in brackets))


def _is_representable(value: object) -> bool:
    """Whether no text and no member name in a value holds a NUL or an unpaired surrogate."""
    if isinstance(value, str):
        return _UNREPRESENTABLE.search(value) is None
    if isinstance(value, list):
        return all(map(_is_representable, value))
    if isinstance(value, dict):
        return all(map(_is_representable, value)) and all(map(_is_representable, value.values()))
    return True


def _members(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise DuplicateKey
    return members


def _integer(digits: str) -> int:
    # The length is judged first: reading a very long integer takes more than linear time.
    if len(digits.lstrip("-")) > LONGEST_INTEGER or not -(2**63) <= (value := int(digits)) < 2**63:
        raise NumberNotRepresentable
    return value


def _fraction(digits: str) -> float:
    if len(digits) > LONGEST_FRACTION or not math.isfinite(value := float(digits)):
        raise NumberNotRepresentable
    # 1e-400 would silently become zero.
    if value == 0 and _NOT_ZERO.search(digits):
        raise NumberNotRepresentable
    return value


def _no_constant(_name: str) -> NoReturn:
    raise NumberNotRepresentable


_DECODER = json.JSONDecoder(
    object_pairs_hook=_members, parse_int=_integer, parse_float=_fraction, parse_constant=_no_constant
)
