"""The demo's directory: a dozen made-up services, of which each agency keeps its own; every number is a 555 one."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from true_api.cli.story.stage import Company
from true_api.privacy.terms import Need

WHOLE_WEEK, WEEKDAYS = "MO,TU,WE,TH,FR,SA,SU", "MO,TU,WE,TH,FR"
PROGRAM = -1


@dataclass(frozen=True)
class Offered:
    """One service: who keeps it (the number of an agency, or the program), what it is for, where and when."""

    agency: int
    name: str
    need: Need
    place: str
    days: str
    opens: str
    closes: str
    beds: int | None = None
    languages: tuple[str, ...] = ("English",)
    ages: tuple[int, int | None] = (18, None)
    assured_days_ago: int = 30


_ = Need
PLACES: dict[str, tuple[str, str]] = {
    "Harbor House": ("physical", "12 Pier Road"),
    "The quiet house": ("redacted", "4 Alder Lane"),
    "Lakeside clinic": ("physical", "200 Lake Street"),
    "Bridge office": ("physical", "31 Court Square"),
    "Church hall": ("physical", "9 Chapel Street"),
    "By telephone": ("virtual", ""),
}
SERVICES = (
    Offered(0, "Night beds", _.HOMELESSNESS, "Harbor House", WHOLE_WEEK, "20:00", "08:00", 4, ("English", "Spanish")),
    Offered(0, "Recovery homes", _.RECOVERY_HOUSING, "Harbor House", WEEKDAYS, "09:00", "17:00", 2),
    Offered(0, "A safe place to stay", _.INTIMATE_PARTNER_VIOLENCE, "The quiet house", WHOLE_WEEK, "00:00", "00:00", 1),
    Offered(1, "Wound care walk-in", _.WOUND_CARE, "Lakeside clinic", WEEKDAYS, "10:00", "16:00"),
    Offered(1, "Medication for addiction treatment", _.MEDICATION_FOR_ADDICTION_TREATMENT, "Lakeside clinic", WEEKDAYS,
            "08:00", "18:00", None, ("English", "Spanish")),
    Offered(1, "HIV and hepatitis C care", _.HIV_HCV_CARE, "Lakeside clinic", "TU,TH", "12:00", "19:00"),
    Offered(1, "Counseling for young people", _.MENTAL_HEALTH_CARE, "Lakeside clinic", "MO,WE", "15:00", "19:00",
            None, ("English",), (14, 25)),
    Offered(2, "Legal desk", _.LEGAL_AID, "Bridge office", WEEKDAYS, "09:00", "13:00", None, ("English", "Spanish")),
    Offered(2, "Benefits and papers", _.FINANCIAL_INSECURITY, "Bridge office", "MO,TH", "13:00", "17:00"),
    Offered(PROGRAM, "Evening meeting", _.MUTUAL_AID, "Church hall", "TU,FR", "19:00", "20:30", assured_days_ago=250),
    Offered(PROGRAM, "Open kitchen", _.FOOD_INSECURITY, "Church hall", WHOLE_WEEK, "11:30", "14:00", ages=(0, None)),
    Offered(PROGRAM, "Night line", _.SYRINGE_SERVICES, "By telephone", WHOLE_WEEK, "18:00", "02:00"),
)  # fmt: skip


async def publish(company: Company, names: tuple[str, ...], today: date) -> None:
    """Terms and the program's own entries come in as a package; each agency keeps its own, and one has beds tonight."""
    own = {"service": [_service(offered, "Neighbors of Riverside", today) for offered in _kept_by(PROGRAM)]}
    await company.supervisors[0].post("/v1/directory/imports", {**own, "taxonomy_term": [_term(need) for need in Need]})
    for number, agency in enumerate(company.agencies):
        for offered in _kept_by(number):
            path = f"/v1/directory/records/service/{_id(offered.name)}"
            await agency.call("PUT", path, _service(offered, names[number], today))
    said = {"takes_people_tonight": True, "needs": [Need.HOMELESSNESS.value], "places": 4, "holds_for_hours": 24}
    await company.agencies[0].call("PUT", "/v1/agency/tonight", said)


def _kept_by(agency: int) -> list[Offered]:
    return [offered for offered in SERVICES if offered.agency == agency]


def _id(name: str) -> str:
    return str(uuid5(NAMESPACE_URL, f"https://riverside.example/{name}"))


def _term(need: Need) -> dict[str, Any]:
    name = need.value.replace("-", " ").capitalize()
    taxonomy = {"id": _id("needs"), "name": "Needs", "description": "What people ask this program for."}
    return {
        "id": _id(f"need {need.value}"),
        "code": need.value,
        "name": name,
        "description": f"{name}.",
        "taxonomy_detail": taxonomy,
    }


def _location(name: str) -> dict[str, Any]:
    kind, street = PLACES[name]
    address = {
        "id": _id(f"address {name}"),
        "address_1": street,
        "city": "Riverside",
        "state_province": "NY",
        "postal_code": "10999",
        "country": "US",
        "address_type": "physical",
    }
    return {"id": _id(name), "location_type": kind, "name": name, "addresses": [address] if street else []}


def _service(offered: Offered, organization: str, today: date) -> dict[str, Any]:
    own, (youngest, oldest) = offered.name, offered.ages
    provider = {"id": _id(organization), "name": organization, "description": f"{organization}, made up for the demo."}
    languages = [{"id": _id(f"{own} {name}"), "name": name} for name in offered.languages]
    hours = {"freq": "WEEKLY", "byday": offered.days, "opens_at": offered.opens, "closes_at": offered.closes}
    unit = {"id": _id("bed"), "name": "bed"}
    free = {"unit": unit, "available": offered.beds, "updated": f"{today.isoformat()}T18:00:00Z"}
    return {
        "id": _id(own),
        "name": own,
        "description": f"{own}, at no cost.",
        "status": "active",
        "minimum_age": youngest,
        **({} if oldest is None else {"maximum_age": oldest}),
        "assured_date": (today - timedelta(days=offered.assured_days_ago)).isoformat(),
        "organization": provider,
        "languages": languages,
        "schedules": [{"id": _id(f"{own} hours"), **hours}],
        "phones": [{"id": _id(f"{own} phone"), "number": f"+1 555 01{SERVICES.index(offered):02}"}],
        "capacities": [] if offered.beds is None else [{"id": _id(f"{own} beds"), **free}],
        "attributes": [{"id": _id(f"{own} need"), "taxonomy_term": _term(offered.need)}],
        "service_at_locations": [{"id": _id(f"{own} at {offered.place}"), "location": _location(offered.place)}],
    }
