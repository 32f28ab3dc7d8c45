"""A small directory of our own, made up: the same entries nested, in tables, and as an archive."""

from typing import Any
from uuid import NAMESPACE_URL, uuid5


def named(name: str) -> str:
    """The id of something made up."""
    return str(uuid5(NAMESPACE_URL, f"https://riverside.example/{name}"))


def phone(name: str, number: str = "+1 555 0100") -> dict[str, Any]:
    """A telephone."""
    return {"id": named(f"phone {name}"), "number": number, "type": "voice", "extension": 7}


def weekly(name: str, days: str, opens: str, closes: str) -> dict[str, Any]:
    """Hours that come round every week."""
    return {"id": named(f"hours {name}"), "freq": "WEEKLY", "byday": days, "opens_at": opens, "closes_at": closes}


def term(code: str, name: str, **more: Any) -> dict[str, Any]:
    """A term of a taxonomy."""
    return {"id": named(f"term {code}"), "code": code, "name": name, "description": f"{name}.", **more}


def attribute(name: str, of: dict[str, Any]) -> dict[str, Any]:
    """What something is filed under."""
    return {"id": named(f"attribute {name}"), "link_type": "category", "taxonomy_term": of}


HARBOR: dict[str, Any] = {
    "id": named("harbor"),
    "name": "Harbor House",
    "description": "A house by the river.",
    "email": "desk@harbor.example",
    "year_incorporated": 1998,
    "funding": [{"id": named("funding"), "source": "The county."}],
}
PIER: dict[str, Any] = {
    "id": named("pier"),
    "location_type": "physical",
    "name": "Pier Road",
    "latitude": 41.5,
    "longitude": -81.25,
    "addresses": [
        {
            "id": named("address"),
            "address_1": "12 Pier Road",
            "city": "Riverside",
            "state_province": "OH",
            "postal_code": "44114",
            "country": "US",
            "address_type": "physical",
        }
    ],
    "accessibility": [{"id": named("ramp"), "description": "A ramp at the side door."}],
    "languages": [{"id": named("spanish"), "name": "Spanish", "code": "es"}],
}
ROOT = term("housing", "Housing")
BEDS = term(
    "beds",
    "Recovery housing",
    parent_id=ROOT["id"],
    taxonomy_detail={"id": named("taxonomy"), "name": "Ours", "description": "Made up.", "version": "1"},
)


def night_service(**over: Any) -> dict[str, Any]:
    """A service in full, nested: beds for the night."""
    return {
        "id": named("night"),
        "name": "Night beds",
        "description": "A bed, a shower and a key.",
        "status": "active",
        "minimum_age": 18,
        "assured_date": "2026-09-14",
        "last_modified": "2026-09-14T08:30:00Z",
        "organization": HARBOR,
        "phones": [{**phone("night"), "languages": [{"id": named("english"), "name": "English", "code": "en"}]}],
        "schedules": [weekly("night", "MO,TU,WE,TH,FR,SA,SU", "20:00", "08:00")],
        "languages": [{"id": named("polish"), "name": "Polish", "code": "pl"}],
        "service_areas": [{"id": named("area"), "name": "The shore", "extent": "shore", "extent_type": "zone"}],
        "required_documents": [{"id": named("paper"), "document": "None."}],
        "cost_options": [{"id": named("cost"), "option": "Free", "amount": 0, "currency": "USD"}],
        "contacts": [{"id": named("desk"), "title": "Night desk", "phones": [phone("desk")]}],
        "capacities": [
            {
                "id": named("capacity"),
                "unit": {"id": named("bed"), "name": "bed"},
                "available": 3,
                "maximum": 20,
                "updated": "2026-11-01T18:00:00Z",
            }
        ],
        "attributes": [attribute("night", BEDS)],
        "metadata": [
            {
                "id": named("change"),
                "last_action_date": "2026-09-01",
                "last_action_type": "update",
                "field_name": "name",
                "previous_value": "",
                "replacement_value": "Night beds",
                "updated_by": "the county",
            }
        ],
        "service_at_locations": [{"id": named("night at pier"), "description": "Ring twice.", "location": PIER}],
        **over,
    }


def in_order(value: Any) -> Any:
    """The same with every list in one order, to compare what has none."""
    if isinstance(value, dict):
        return {name: in_order(value[name]) for name in sorted(value)}
    if isinstance(value, list):
        return sorted((in_order(inner) for inner in value), key=repr)
    return value
