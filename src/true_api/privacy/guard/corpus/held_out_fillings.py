"""What fills the held-out templates: places, agencies, stores and words of the street, as many common as called after names.

No agency is called like somebody's home, as in a first name with `place` behind it: in small letters nobody can tell the two.
"""

FILLINGS: dict[str, tuple[str, ...]] = {
    "day": ("mon", "tuesday", "weds", "thurs", "friday", "sat", "sun", "tmrw", "Wednesday", "next mon", "the 9th"),
    "month": ("jan", "february", "march", "april", "May", "june", "July", "aug", "september", "oct", "november", "December"),
    "time": ("8 am", "10", "1:30", "3pm", "noon", "5ish", "7:15pm"),
    "minutes": ("2", "5", "7", "15"),
    "count": ("2", "3", "5", "6", "8", "11", "20", "a few"),
    "dose": ("2 mg", "8mg", "16/4", "100 mg", "1 strip", "300 mg"),
    "sugar": ("390", "60", "180"),
    "pressure": ("155/98", "115/75"),
    "money": ("$15", "$60", "$1,400", "80 bucks", "200"),
    "bus": ("the 30", "bus 9", "the green line", "the 14R"),
    "hotline": ("988", "211", "911", "1-800-662-4357", "800-273-8255", "(888) 373-7888", "1-877-565-8860"),
    "drug": ("suboxone", "methadone", "Sublocade", "bup", "vivitrol", "gabapentin", "seroquel", "zoloft", "prozac", "abilify"),
    "street": ("fent", "dope", "meth", "crack", "tranq", "molly", "tina", "pills", "blues", "tar", "xans", "speed", "coke"),
    "place": (
        "the park", "downtown", "the tracks", "the underpass", "5th st", "16th and Mission", "Ellis street", "Jones st", "Hyde park",
        "Monument sq", "East Baltimore", "Fells point", "Wilkens ave", "the Gulch", "Skid Row", "Alameda st", "Griffith park",
        "Logan square", "Uptown", "Ravenswood", "St James park", "San Mateo", "Santa Monica", "Hayward", "the marina", "Fresno",
        "Harrison ave", "Melnea Cass", "Lynn", "Chelsea",
    ),
    "agency": (
        "the clinic", "detox", "the shelter", "county hospital", "the methadone clinic", "the er", "urgent care", "housing authority",
        "the drop in center", "recovery housing", "St. Joseph's", "Hope Harbor", "Rose House", "Grace church",
        "Salvation Army", "St. Mary's shelter", "Mission hospital", "the Lincoln center", "Charlie Health", "Pine Street Inn",
        "Boston Medical", "Casa Esperanza", "Dimock", "Bridge over Troubled Waters", "Victory Programs", "Faith Tabernacle",
    ),
    "store": (
        "cvs", "walgreens", "Target", "mcdonalds", "Wendy's", "the gas station", "the corner store", "7-eleven", "Subway", "Lowe's",
        "Family Dollar", "the laundromat",
    ),
}  # fmt: skip
"""By the slot's name."""
