"""The objects of HSDS 3.1, read from one declaration: their fields, what stands inside of what, and their CSV files.

Written by hand after the specification (openreferral/specification, branches 3.0 and 3.1-dev). A field is written
`name`, with `!` where it is required, `!!` where a CSV row alone must have it, `:format`, and `>object` where it is the
id of another object. `lists` are the objects inside an object, `ones` the single objects that it names.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

WRITTEN = re.compile(r"(?P<name>\w+)(?P<needed>!{0,2})(:(?P<format>\w+))?(>(?P<leads_to>\w+))?")


class HsdsObject(StrEnum):
    """An object of the specification, by its own name."""

    ORGANIZATION = "organization"
    PROGRAM = "program"
    SERVICE = "service"
    LOCATION = "location"
    TAXONOMY = "taxonomy"
    TAXONOMY_TERM = "taxonomy_term"
    UNIT = "unit"
    SERVICE_AT_LOCATION = "service_at_location"
    ADDRESS = "address"
    ACCESSIBILITY = "accessibility"
    ATTRIBUTE = "attribute"
    CONTACT = "contact"
    COST_OPTION = "cost_option"
    FUNDING = "funding"
    LANGUAGE = "language"
    META_TABLE_DESCRIPTION = "meta_table_description"
    METADATA = "metadata"
    ORGANIZATION_IDENTIFIER = "organization_identifier"
    PHONE = "phone"
    REQUIRED_DOCUMENT = "required_document"
    SCHEDULE = "schedule"
    SERVICE_AREA = "service_area"
    SERVICE_CAPACITY = "service_capacity"
    URL = "url"


_ = HsdsObject

LINKS: Mapping[HsdsObject, tuple[str, str]] = {
    _.ATTRIBUTE: ("link_id", "link_entity"),
    _.METADATA: ("resource_id", "resource_type"),
}
"""The objects that may stand inside of any other: the field with its id, and the one that says which object it is."""
LINKING = {name for names in LINKS.values() for name in names}

ENTRIES = frozenset({_.ORGANIZATION, _.PROGRAM, _.SERVICE, _.LOCATION, _.TAXONOMY, _.TAXONOMY_TERM, _.UNIT})
"""What is kept as an entry of its own; every other object is a part, and is kept inside the entry it belongs to."""


@dataclass(frozen=True)
class Field:
    """One field of an object."""

    required: bool
    required_in_csv: bool
    format: str | None
    leads_to: HsdsObject | None


@dataclass(frozen=True)
class Shape:
    """One object: its CSV file, its fields, the lists of objects inside it, and the single objects that it names."""

    file: str
    fields: Mapping[str, Field]
    lists: Mapping[str, HsdsObject]
    ones: Mapping[str, tuple[HsdsObject, str]]

    def leads(self) -> Mapping[str, HsdsObject]:
        """The fields that lead to another object, with its name."""
        return {name: field.leads_to for name, field in self.fields.items() if field.leads_to}

    def places(self) -> set[str]:
        """The fields that say where an object stands: for a part, they differ with the place where it is nested."""
        return {*self.leads(), *(name for name in self.fields if name in LINKING)}


def _shape(file: str, fields: str, lists: str = "", ones: str = "") -> Shape:
    read = {}
    for word in fields.split():
        found = WRITTEN.fullmatch(word)
        assert found is not None, word
        leads_to = HsdsObject(found["leads_to"]) if found["leads_to"] else None
        kind = found["format"] or ("uuid" if leads_to else None)
        read[found["name"]] = Field(found["needed"] == "!", bool(found["needed"]), kind, leads_to)
    listed = {}
    for word in f"{lists} attributes:attribute metadata:metadata".split():
        name, _, kind = word.partition(":")
        listed[name] = HsdsObject(kind)
    named = {}
    for word in ones.split():
        name, kind, by = word.split(":")
        named[name] = (HsdsObject(kind), by)
    return Shape(file, read, listed, named)


SHAPES: Mapping[HsdsObject, Shape] = {
    _.ORGANIZATION: _shape(
        "organizations.csv",
        "id!:uuid name! alternate_name description! email:email website:uri tax_status tax_id year_incorporated:number"
        " legal_status logo uri:uri parent_organization_id>organization",
        "funding:funding contacts:contact phones:phone locations:location programs:program"
        " organization_identifiers:organization_identifier additional_websites:url services:service",
    ),
    _.PROGRAM: _shape("programs.csv", "id!:uuid organization_id!!>organization name! alternate_name description!"),
    _.SERVICE: _shape(
        "services.csv",
        "id!:uuid organization_id!!>organization program_id>program name! alternate_name description url:uri"
        " email:email status!:service_status interpretation_services application_process fees_description wait_time"
        " fees accreditations eligibility_description minimum_age:number maximum_age:number assured_date:date"
        " assurer_email:email licenses alert last_modified:instant",
        "phones:phone schedules:schedule service_areas:service_area service_at_locations:service_at_location"
        " languages:language funding:funding cost_options:cost_option required_documents:required_document"
        " contacts:contact capacities:service_capacity additional_urls:url",
        "organization:organization:organization_id program:program:program_id",
    ),
    _.LOCATION: _shape(
        "locations.csv",
        "id!:uuid location_type!:location_type url:uri organization_id>organization name alternate_name description"
        " transportation latitude:number longitude:number external_identifier external_identifier_type",
        "languages:language addresses:address contacts:contact accessibility:accessibility phones:phone"
        " schedules:schedule",
    ),
    _.TAXONOMY: _shape("taxonomies.csv", "id!:uuid name! description! uri:uri version"),
    _.TAXONOMY_TERM: _shape(
        "taxonomy_terms.csv",
        "id!:uuid code name! description! parent_id>taxonomy_term taxonomy language taxonomy_id>taxonomy term_uri:uri",
        "",
        "taxonomy_detail:taxonomy:taxonomy_id",
    ),
    _.UNIT: _shape("units.csv", "id!:uuid name! scheme identifier uri:uri"),
    _.SERVICE_AT_LOCATION: _shape(
        "service_at_location.csv",
        "id!:uuid service_id!!>service location_id!!>location description",
        "contacts:contact phones:phone schedules:schedule service_areas:service_area",
        "location:location:location_id service:service:service_id",
    ),
    _.ADDRESS: _shape(
        "addresses.csv",
        "id!:uuid location_id>location attention address_1! address_2 city! region state_province! postal_code!"
        " country! address_type!:address_type",
    ),
    _.ACCESSIBILITY: _shape("accessibility.csv", "id!:uuid location_id>location description details url:uri"),
    _.ATTRIBUTE: _shape(
        "attributes.csv",
        "id!:uuid link_id!!:uuid taxonomy_term_id!!>taxonomy_term link_type link_entity!! value label",
        "",
        "taxonomy_term:taxonomy_term:taxonomy_term_id",
    ),
    _.CONTACT: _shape(
        "contacts.csv",
        "id!:uuid organization_id>organization service_id>service service_at_location_id>service_at_location"
        " location_id>location name title department email:email",
        "phones:phone",
    ),
    _.COST_OPTION: _shape(
        "cost_options.csv",
        "id!:uuid service_id!!>service valid_from:date valid_to:date option currency amount:number amount_description",
    ),
    _.FUNDING: _shape("funding.csv", "id!:uuid organization_id>organization service_id>service source"),
    _.LANGUAGE: _shape(
        "languages.csv", "id!:uuid service_id>service location_id>location phone_id>phone name code note"
    ),
    _.META_TABLE_DESCRIPTION: _shape("meta_table_descriptions.csv", "id!:uuid name language character_set"),
    _.METADATA: _shape(
        "metadata.csv",
        "id!:uuid resource_id!!:uuid resource_type!! last_action_date!:date last_action_type! field_name!"
        " previous_value! replacement_value! updated_by!",
    ),
    _.ORGANIZATION_IDENTIFIER: _shape(
        "organization_identifiers.csv",
        "id!:uuid organization_id!!>organization identifier_scheme identifier_type! identifier!",
    ),
    _.PHONE: _shape(
        "phones.csv",
        "id!:uuid location_id>location service_id>service organization_id>organization contact_id>contact"
        " service_at_location_id>service_at_location number! extension:number type description",
        "languages:language",
    ),
    _.REQUIRED_DOCUMENT: _shape("required_documents.csv", "id!:uuid service_id>service document uri:uri"),
    _.SCHEDULE: _shape(
        "schedules.csv",
        "id!:uuid service_id>service location_id>location service_at_location_id>service_at_location valid_from:date"
        " valid_to:date dtstart:date timezone:number until:date count:number wkst:weekday freq:freq interval:number"
        " byday byweekno bymonthday byyearday description opens_at:time closes_at:time schedule_link:uri"
        " attending_type notes",
    ),
    _.SERVICE_AREA: _shape(
        "service_areas.csv",
        "id!:uuid service_id>service service_at_location_id>service_at_location name description extent extent_type"
        " uri",
    ),
    _.SERVICE_CAPACITY: _shape(
        "service_capacity.csv",
        "id!:uuid service_id!!>service unit_id!!>unit available!:number maximum:number description updated!:instant",
        "",
        "unit:unit:unit_id",
    ),
    _.URL: _shape("urls.csv", "id!:uuid label url!:uri organization_id>organization service_id>service"),
}
"""Every object of the specification. Its service capacities name their unit by `unit`, or in a CSV row by `unit_id`."""

FILES: Mapping[str, HsdsObject] = {
    **{name: kind for kind, shape in SHAPES.items() for name in (kind.value, shape.file.removesuffix(".csv"))},
    "service_at_locations": _.SERVICE_AT_LOCATION,
    "service_capacities": _.SERVICE_CAPACITY,
}
"""The object by its name, or by what its file is called; the specification has used both."""
