"""The door to indicators: what the program counts and why, for everybody who reads its numbers."""

from pydantic import Field

from true_api.api.doors import Doors, Permitted
from true_api.kernel.schemas import View, examples
from true_api.outlets.statistics.indicators import indicators
from true_api.security.gates import ListGate
from true_api.security.permits import ListPermit
from true_api.security.roles import Permission

doors = Doors("/indicators", tag="Numbers")

READ = ListGate(Permission.INDICATOR_READ, by_key=True)


class IndicatorView(View):
    """One indicator: what is counted, from which records, and for what."""

    id: str
    name: str
    name_es: str = Field(description="The name in Spanish.")
    definition: str
    unit: str = Field(description="What is counted: people, encounters, kits, doses, items, events and others.")
    dimensions: list[str] = Field(description="By what it is split, in one table or another.")
    source: list[str] = Field(description="Which records it is counted from.")
    tables: list[str] = Field(description="The tables of the grid in which it is told.")
    released: bool = Field(description="Whether it is told in releases; otherwise supervisors alone read it.")
    belief: str = Field(description="Which belief of the program it serves.")


class IndicatorList(View):
    """What the program counts; `version` grows whenever a definition changes, and ids stay."""

    model_config = examples(
        {
            "version": 1,
            "indicators": [
                {
                    "id": "people-reached",
                    "name": "People reached",
                    "name_es": "Personas alcanzadas",
                    "definition": "Distinct people who had at least one contact that reached them in the period.",
                    "unit": "people",
                    "dimensions": ["setting", "zone"],
                    "source": ["encounters"],
                    "tables": ["people", "people-by-setting", "people-by-zone"],
                    "released": True,
                    "belief": "Peer support is the first door someone opens",
                }
            ],
        }
    )

    version: int
    indicators: list[IndicatorView]


@doors.open("GET", "", READ)
async def list_indicators(permit: Permitted[ListPermit]) -> IndicatorList:
    """List what the program counts and why, with the tables in which each number is told.

    The ETag holds as long as no definition changes: ask with `If-None-Match`.
    """
    told = indicators()
    views = [
        IndicatorView.of(
            one,
            unit=one.unit.value,
            dimensions=list(one.dimensions),
            source=[source.value for source in one.source],
            tables=list(one.tables),
            released=one.released,
        )
        for one in told.indicators
    ]
    return IndicatorList(version=told.version, indicators=views)
