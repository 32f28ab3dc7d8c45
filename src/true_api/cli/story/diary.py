"""The diary: what happens on which day, in lanes that run beside each other."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

from true_api.cli.story.stage import Step

Lane = tuple[str, int]
"""What happens in one lane on one day happens in order: ("person", 17) or ("request", 3)."""


class Diary:
    """Days counted from 0, each with its lanes."""

    def __init__(self, first_day: date, days: int) -> None:
        self.first_day, self.days = first_day, days
        self._pages: list[dict[Lane, list[Step]]] = [{} for _ in range(days)]

    def write(self, day: int, lane: Lane, step: Step) -> bool:
        """Let something happen on a day; False for a day that is yet to come."""
        if day >= self.days:
            return False
        self._pages[day].setdefault(lane, []).append(step)
        return True

    def on(self, day: int) -> date:
        """The calendar day."""
        return self.first_day + timedelta(days=day)

    def pages(self) -> Iterator[tuple[date, list[list[Step]]]]:
        """Each day with its lanes."""
        for day, lanes in enumerate(self._pages):
            yield self.on(day), list(lanes.values())

    def tally(self) -> Counter[type]:
        """How often each kind of step happens."""
        return Counter(type(step) for page in self._pages for lane in page.values() for step in lane)
