"""Held-out templates with every other identifier, and the ways of writing them; no recognizer was tuned on them.

In a way of writing, `#` is any digit, `%` a digit from 2 to 9, `?` a capital letter, and `&` a small one.
"""

PHONES = (
    "%##-%##-####",
    "%## %## ####",
    "(%##) %##-####",
    "(%##)%######",
    "%##.%##.####",
    "%##%##%###",
    "1 %## %## ####",
    "+1 %##.%##.####",
    "+1%##%##%###",
    "%##-####",
    "%## ####",
    "%###%##",
    "%## - %## - ####",
    "+52 %## %## ####",
    "+503 7### ####",
    "%##-%######",
)
SPOKEN_PHONES = ("%##%##%###", "%##%###")
"""Said in words, in groups, with `oh` for zero."""
AROUND = (
    "{value}",
    "gave me his number {value}",
    "call mom at {value}",
    "new # {value}",
    "her cell: {value}",
    "txt {value} b4 u come",
    "{value} leave a vm",
    "su numero es {value}",
    "ph: {value}",
)
"""What stands around a phone number."""

GOVERNMENT_NUMBERS = (
    ("###-##-####", "ssn {value}"),
    ("###-##-####", "{value} is his social"),
    ("### ## ####", "social security number {value}"),
    ("#########", "ss num {value}"),
    ("####", "last 4 social {value}"),
    ("####", "last four of ss {value}"),
    ("9##-9#-####", "itin number {value}"),
    ("?########", "license no {value}"),
    ("?#######", "state id # {value}"),
    ("#?&#-?&#-?&##", "medicare {value}"),
    ("########?", "medicaid id {value}"),
    ("#########", "passport {value}"),
    ("A########", "green card {value}"),
)

RECORDS = (
    ("#######", "mrn {value}"),
    ("######", "chart # {value}"),
    ("##-######", "case no {value}"),
    ("##CR#####", "case # {value}"),
    ("#######", "booking no {value}"),
    ("PFN###", "jail id {value}"),
    ("##-####-###", "incident report {value}"),
    ("########", "member id: {value}"),
    ("?###-####", "policy {value}"),
    ("#######", "ticket number {value}"),
    ("######", "hmis id {value}"),
)

PLATES = (
    ("#???###", "plate {value}"),
    ("???####", "lic plate {value}"),
    ("??? ####", "plates read {value}"),
    ("#???###", "white van {value}"),
    ("???-####", "old ford truck plate # {value}"),
    ("???###", "tags {value}"),
)

HANDLES = (
    "ig: {handle}",
    "@{handle} on insta",
    "on fb its {handle}",
    "facebook: {handle}",
    "snapchat {handle}",
    "add @{handle}",
    "cash app is ${handle}",
    "venmo {handle}",
    "tiktok @{handle}",
    "find her on instagram as {handle}",
)
HANDLE_FORMS = (
    "{word}{digits}",
    "{word}_{word}",
    "{word}.{digits}",
    "its_{word}_{word}",
    "{word}{word}_{digits}",
    "lil_{word}{digits}",
)
HANDLE_WORDS = (
    "rico",
    "bay",
    "lowkey",
    "mija",
    "shorty",
    "kilo",
    "night",
    "crazy",
    "luv",
    "angel",
    "fresno",
    "westside",
)

URLS = (
    "https://www.facebook.com/{handle}",
    "https://gofund.me/{handle}",
    "www.{handle}.com",
    "{handle}.wixsite.com/home",
    "instagram.com/{handle}",
    "http://{handle}.tumblr.com",
)

EMAILS = (
    "{handle}@gmail.com",
    "{handle}@yahoo.com",
    "{handle}@aol.com",
    "{handle}@mail.county.org",
    "{handle} at gmail dot com",
    "{handle} at hotmail.com",
    "{handle}(at)yahoo(dot)com",
    "{handle} @ gmail dot com",
    "{handle}@yahoo",
    "{handle} at icloud dot com",
    "{handle} arroba yahoo punto com",
)
EMAIL_TEMPLATES = ("his email {value}", "{value}", "write to {value} pls", "mail: {value}", "needs reset of {value} pw")

ADDRESSES = (
    "{house} {street} {suffix}",
    "crib is {house} {street} {suffix}",
    "moms house {house} {street} {suffix} apt {unit}",
    "{house} {ordinal} {suffix}",
    "{house} e {ordinal} {suffix} #{unit}",
    "send mail to {house} {street} {suffix}, {city}, ca 9####",
    "hotel room {room}",
    "rm {room} at the sro",
    "apt {unit} upstairs",
    "unit {unit} in back",
    "po box {room}",
    "he lives at {house} {street}",
    "address is {house} {street} {suffix}",
    "staying at {house} {street} {suffix} unit {unit}",
    "met at his place {house} {street} {suffix}",
    "{house} south {street} {suffix}",
    "vive en {house} {street} {suffix} apt {unit}",
    "rv lot {unit}",
)
CITIES = ("stockton", "richmond", "san jose", "fresno")
STREETS = (
    "valencia",
    "larkin",
    "st james",
    "de haro",
    "cedar grove",
    "lincoln",
    "buena vista",
    "railroad",
    "college",
    "pine hill",
    "rosa parks",
    "hollywood",
    "lake shore",
    "grand river",
)
SUFFIXES = (
    "st",
    "st.",
    "ave",
    "av",
    "blvd",
    "dr",
    "rd",
    "ct",
    "cir",
    "ln",
    "street",
    "avenue",
    "road",
    "way",
    "pkwy",
    "hwy",
)

BIRTH_TEMPLATES = (
    "dob {value}",
    "d.o.b. {value}",
    "born {value}",
    "bday is {value}",
    "birthday {value}",
    "date of birth: {value}",
    "his dob is {value}",
    "nacida el {value}",
    "cumpleanos {value}",
)
BIRTHS = (
    "{m}/{d}/{y}",
    "{m}/{d}/{yy}",
    "{mm}-{dd}-{y}",
    "{yyyy}-{mm}-{dd}",
    "{month} {d}, {y}",
    "{month} {d}th {y}",
    "{mon} {d} {yy}",
    "{d} {month} {y}",
    "{mm}{dd}{y}",
    "{month} {ordinal} {yearwords}",
    "{m}.{d}.{yy}",
    "{d} de {mes} de {y}",
)
