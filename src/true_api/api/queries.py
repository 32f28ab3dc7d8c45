"""Query parameters that many lists share."""

import re
from typing import Annotated

from pydantic import BeforeValidator, Field

from true_api.kernel.paging import PageRequest
from true_api.kernel.schemas import Draft


def _digits(value: object) -> object:
    """Query values are texts: `1_000`, ` 5` and full-width digits are not numbers here."""
    if isinstance(value, str) and not re.fullmatch(r"\d{1,4}", value, re.ASCII):
        raise ValueError("a whole number in plain digits")
    return value


class PageQuery(Draft):
    """How much of a list, and from where."""

    limit: Annotated[int, BeforeValidator(_digits)] = Field(50, ge=1, le=200, description="Items per page.")
    cursor: str | None = Field(None, max_length=512, description="`next_cursor` of the page before.")

    def request(self) -> PageRequest:
        """As the kernel asks for pages."""
        return PageRequest(self.limit, self.cursor)
