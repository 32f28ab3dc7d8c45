"""Tuned templates with every identifier but names, and the ways of writing them.

In a way of writing, `#` is any digit, `%` a digit from 2 to 9, `?` a capital letter, and `&` a small one.
"""

PHONES = (
    "%##-%##-####",
    "(%##) %##-####",
    "%##.%##.####",
    "%## %##-####",
    "%##%######",
    "1-%##-%##-####",
    "+1 (%##) %##-####",
    "+1%##%######",
    "%##-####",
    "%##.####",
    "%## ####",
    "%## %## ## ##",
    "%##_%##_####",
    "+52 1 55 %### ####",
    "+63 917 ### ####",
    "%##, %##, ####",
)
SPOKEN_PHONES = ("%##%##%###", "%##%###")
"""Said in words, in groups, with `oh` for zero."""
AROUND = (
    "{value}",
    "his # {value}",
    "reach her at {value}",
    "mom's phone {value}",
    "cell {value}",
    "lmk at {value} thx",
    "{value} is the gf number",
    "numero {value}",
    "text {value} not call",
)
"""What stands around a phone number."""

GOVERNMENT_NUMBERS = (
    ("###-##-####", "social {value}"),
    ("###-##-####", "ss# {value}"),
    ("### ## ####", "ssn is {value}"),
    ("###.##.####", "soc {value}"),
    ("#########", "his ssn: {value}"),
    ("####", "last four {value} of the social"),
    ("####", "ssn ends in {value}"),
    ("9##-8#-####", "ITIN {value}"),
    ("?##-###-##-####", "drivers license {value}"),
    ("?#######", "ca id {value}"),
    ("#?&#?&#?&##", "mbi {value}"),
    ("#########", "passport no {value}"),
    ("A##-###-###", "alien reg {value}"),
)

RECORDS = (
    ("########", "medical record {value}"),
    ("MR######", "mrn: {value}"),
    ("#######", "case number {value}"),
    ("CR-##-#####", "court case {value}"),
    ("##########", "booking # {value}"),
    ("?#####", "jail number {value}"),
    ("####-#####", "police report {value}"),
    ("#########?", "member number {value}"),
    ("#####", "client id {value}"),
    ("####-####-####", "confirmation {value}"),
    ("#### #### #### ####", "ebt card {value}"),
    ("??-####", "file no. {value}"),
)

PLATES = (
    ("#???###", "plate number {value}"),
    ("???-####", "license plate {value}"),
    ("??? ###", "tag {value} on a red jeep"),
    ("??####?", "plates {value}"),
    ("#???###", "silver prius {value}"),
    ("???####", "in a toyota {value}"),
)

HANDLES = (
    "@{handle} on ig",
    "instagram: {handle}",
    "his insta is {handle}",
    "fb messenger {handle}",
    "facebook name {handle}",
    "snap {handle}",
    "dm @{handle}",
    "${handle} cashapp",
    "venmo @{handle}",
    "tik tok @{handle}",
    "whatsapp {handle}",
    "discord {handle}",
)
HANDLE_FORMS = (
    "{word}{word}{digits}",
    "{word}_{digits}",
    "{word}.{word}{digits}",
    "the_real_{word}",
    "_{word}{digits}_",
    "{digits}{word}",
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
    "https://facebook.com/profile.php?id=1000{handle}",
    "http://www.linkedin.com/in/{handle}",
    "{handle}.blogspot.com",
    "tinyurl.com/{handle}",
    "www.{handle}.org/about",
    "gofund.me/{handle}",
    "youtu.be/{handle}",
)

EMAILS = (
    "{handle}@gmail.com",
    "{handle}@outlook.com",
    "{handle}@students.college.edu",
    "{handle} at yahoo dot com",
    "{handle} at gmail.com",
    "{handle} @gmail.com",
    "{handle}@ gmail.com",
    "{handle} [at] gmail [dot] com",
    "{handle}@hotmail",
    "{handle}@icloud.com",
    "{handle} at aol dot com",
    "{handle} arroba hotmail punto com",
)
EMAIL_TEMPLATES = ("his email {value}", "{value}", "write to {value} pls", "mail: {value}", "needs reset of {value} pw")

ADDRESSES = (
    "{house} {street} {suffix}",
    "lives at {house} {street} {suffix}",
    "new place {house} {street} {suffix} #{unit}",
    "{house} {ordinal} {suffix} apt {unit}",
    "house is {house} w {street} {suffix}",
    "drop off at {house} {street} {suffix} unit {unit}",
    "sro room {room}",
    "motel rm {room}",
    "room #{room}",
    "apartment {unit}",
    "apt #{unit}",
    "{house} {street} {suffix}, {city} ca 9####",
    "p.o. box {room}",
    "staying {house} {street} w his aunt",
    "squat at {house} {street} {suffix}",
    "bldg {letter} unit {unit}",
    "space {unit} at the rv park",
    "pick up at {house} {street} {suffix} in back",
    "vive en el {house} de la calle {street}",
    "su direccion es {house} {street} {suffix}",
)
CITIES = ("stockton", "richmond", "san jose", "fresno")
STREETS = (
    "folsom",
    "o'farrell",
    "magnolia",
    "cesar chavez",
    "n broadway",
    "saint charles",
    "mlk",
    "elm",
    "washington",
    "las palmas",
    "south park",
    "fruitvale",
    "clark",
    "twin oaks",
    "industrial",
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
    "dob: {value}",
    "birthday is {value}",
    "born on {value}",
    "bday {value} needs cake",
    "birth date {value}",
    "d.o.b {value} for the form",
    "cumple el {value}",
    "fecha de nacimiento {value}",
    "was born {value} in fresno",
)
BIRTHS = (
    "{m}/{d}/{yy}",
    "{mm}/{dd}/{y}",
    "{m}-{d}-{y}",
    "{yyyy}/{mm}/{dd}",
    "{month} {d} {y}",
    "{mon} {d}, {y}",
    "{d} {mon} {y}",
    "{mm}.{dd}.{yy}",
    "{month} {ordinal} {yearwords}",
    "the {ordinal} of {month} {y}",
    "{mm}{dd}{yy}",
    "{month} {d}th",
    "{d} de {mes} del {y}",
)
