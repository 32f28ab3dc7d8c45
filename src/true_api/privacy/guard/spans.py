"""What the guard answers with: where something stands in a note and of what kind it is, never the words."""

from dataclasses import dataclass
from enum import StrEnum


class SpanKind(StrEnum):
    """What a span probably is (privacy.md 5). A probable name may be confirmed; every other kind is refused."""

    PHONE = "phone"
    EMAIL = "email"
    GOVERNMENT_NUMBER = "government_number"
    HANDLE = "handle"
    URL = "url"
    ADDRESS = "address"
    PLATE = "plate"
    DATE_OF_BIRTH = "date_of_birth"
    RECORD_NUMBER = "record_number"
    NAME = "name"


@dataclass(frozen=True)
class Span:
    """A place in a note, in Unicode code points of the text as it was sent; never the text itself."""

    offset: int
    length: int
    kind: SpanKind

    @property
    def end(self) -> int:
        """The code point after the last one."""
        return self.offset + self.length
