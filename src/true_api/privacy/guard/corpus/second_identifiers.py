"""Tuned templates with every identifier but names, and the ways of writing them.

In a way of writing, `#` is any digit, `%` a digit from 2 to 9, `?` a capital letter, and `&` a small one.
"""

PHONES = (
    "%##-%##-####",
    "%## %## ####",
    "(%##)%##-####",
    "%##%##.####",
    "%##.%##.####",
    "%##%##%###",
    "1%##%##%###",
    "+1%##%##%###",
    "+1 %##-%##-####",
    "%##-####",
    "%## ####",
    "%###%##",
    "%##/%##-####",
    "(%##) %## - ####",
    "+52 33 %### ####",
    "+44 7700 9#####",
)
SPOKEN_PHONES = ("%##%##%###", "%##%###")
"""Said in words, in groups, with `oh` for zero."""

GOVERNMENT_NUMBERS = (
    ("###-##-####", "ssn {value}"),
    ("### ## ####", "his social is {value}"),
    ("#########", "soc sec {value}"),
    ("####", "last 4 of his ssn {value}"),
    ("9##-7#-####", "itin {value}"),
    ("?#######", "dl {value} expired"),
    ("#?&#-?&#-?&##", "medicare id {value}"),
    ("A#########", "a number {value}"),
    ("###-##-####", "{value} for the ssi form"),
    ("########?", "medi-cal # {value}"),
)

RECORDS = (
    ("#######", "mrn {value}"),
    ("####-####", "chart no {value}"),
    ("24-CR-####", "case {value} in dept 12"),
    ("######", "bkg # {value}"),
    ("??######", "booking num {value} at county"),
    ("CF####-##", "docket {value}"),
    ("#########", "member id {value}"),
    ("W######", "hmis {value}"),
    ("?####", "cdc no. {value}"),
    ("########", "warrant {value} cleared"),
    ("####-##", "claim number: {value}"),
    ("######", "pin for his ebt acct {value}"),
)

PLATES = (
    ("#???###", "plate {value}"),
    ("???####", "drives a gray civic {value}"),
    ("#&&&###", "lic plate {value} blue honda"),
    ("??? ####", "van w plates {value}"),
    ("#???###", "white camry tag {value}"),
)

HANDLES = (
    "ig @{handle}",
    "insta {handle}",
    "snap is {handle}",
    "find him on fb as {handle}",
    "tiktok {handle}",
    "hit him up @{handle}",
    "cashapp ${handle}",
    "venmo {handle}",
    "telegram: {handle}",
    "her whatsapp name {handle}",
)
HANDLE_FORMS = (
    "{word}_{word}{digits}",
    "{word}{digits}",
    "{word}.{word}",
    "xx{word}xx{digits}",
    "{word}_{digits}_{word}",
)
HANDLE_WORDS = (
    "oakland",
    "smoke",
    "queen",
    "lil",
    "baby",
    "money",
    "tinyy",
    "ghost",
    "bigdog",
    "cali",
    "trap",
    "sad",
    "mamas",
)

URLS = (
    "https://www.facebook.com/{handle}",
    "instagram.com/{handle}",
    "www.gofundme.com/f/help-{handle}",
    "http://{handle}.wordpress.com/about",
    "linktr.ee/{handle}",
    "{handle} dot com",
)

EMAILS = (
    "{handle}@gmail.com",
    "{handle}@yahoo.com",
    "{handle}@co.county.gov",
    "{handle} at hotmail dot com",
    "{handle} at gmail",
    "{handle}@gmail",
    "{handle} @ outlook . com",
    "{handle}[at]icloud[dot]com",
    "{handle} (at) proton.me",
    "{handle} arroba gmail punto com",
)
EMAIL_TEMPLATES = (
    "email {value}",
    "send the form to {value}",
    "{value} is the best way",
    "her mail {value} checks it weekly",
)

ADDRESSES = (
    "stays at {house} {street} {suffix}",
    "{house} {street} {suffix} apt {unit}",
    "addr {house} n {street}",
    "lives {house} {ordinal} {suffix}",
    "at his aunts {house} {street} {suffix} unit {unit}",
    "rm {room} at the motel",
    "apt {unit}",
    "{house} {street} {suffix}, oakland ca 946##",
    "po box {room}",
    "moved into unit {unit} on {ordinal}",
    "trailer {unit} in the park",
    "in room #{room} at the sro",
    "vive en {house} {street} {suffix}",
    "vive en la calle {street} {house}",
    "crashing at {house} {street} w friends",
    "mail goes to {house} {street} {suffix} #{unit}",
    "bldg {letter} apt {unit}",
    "{house} s {street} {suffix}",
)
CITIES = ("oakland",)
STREETS = (
    "mission",
    "van ness",
    "kenilworth",
    "martin luther king",
    "oak ridge",
    "alameda",
    "lehigh",
    "turk",
    "old county",
    "harding",
    "sycamore hill",
    "guadalupe",
    "maple",
    "foothill",
    "west girard",
)
SUFFIXES = ("st", "ave", "blvd", "dr", "rd", "ct", "ln", "street", "avenue", "way", "pl", "terrace")

BIRTH_TEMPLATES = (
    "dob {value}",
    "born {value}",
    "bday {value}",
    "d.o.b. {value}",
    "b-day is {value}",
    "birthdate: {value}",
    "nacio el {value}",
    "his birthday {value} so almost old enough",
    "date of birth {value} per the id",
)
BIRTHS = (
    "{m}/{d}/{y}",
    "{m}-{d}-{yy}",
    "{yyyy}-{mm}-{dd}",
    "{mon} {d} {y}",
    "{d} {month} {y}",
    "{month} {d}th, {y}",
    "{m}.{d}.{y}",
    "{month} {ordinal} {yearwords}",
    "{mm}{dd}{y}",
    "{d} de {mes} de {y}",
)
AROUND = (
    "{value}",
    "call him {value}",
    "num is {value}",
    "{value} after 5",
    "new cell {value} text first",
    "ph {value} ok to lv msg",
)
"""What stands around a phone number."""
