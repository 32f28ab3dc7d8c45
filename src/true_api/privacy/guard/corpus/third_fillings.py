"""The tuned set, a third hand: what was held out and then was read; a new set is held out since."""

FILLINGS: dict[str, tuple[str, ...]] = {
    "day": ("mon", "tue", "wed", "thurs", "fri", "saturday", "Sunday", "tmrw", "Tuesday", "the 14th", "next week"),
    "month": ("jan", "february", "march", "april", "May", "june", "july", "august", "September", "oct", "november", "dec"),
    "time": ("8am", "11:15", "1 pm", "6:30pm", "midnight", "9ish", "14:00", "10a"),
    "minutes": ("2", "4", "8", "12", "30"),
    "count": ("1", "2", "3", "5", "9", "14", "20", "four", "several"),
    "dose": ("2mg", "8/2", "16 mg", "95mg", "120 mg", "one film", "0.1 mg", "64mg weekly"),
    "sugar": ("385", "71", "199"),
    "pressure": ("160/100", "118/76", "90 over 60"),
    "money": ("$20", "$80", "a dub", "60 bucks", "$1,200"),
    "bus": ("22", "the 9", "line 60", "51A", "the red line"),
    "hotline": ("988", "911", "211", "1-800-799-7233", "1-800-222-1222", "877-726-4727", "(888) 843-4564", "1.800.662.4357"),
    "drug": (
        "subs", "methadone", "the sublocade shot", "brixadi", "Vivitrol", "naltrexone", "trazodone", "gabapentin", "wellbutrin",
        "clonidine", "Zyprexa", "prazosin", "doxycycline", "lithium",
    ),
    "street": (
        "fent", "tranq dope", "clear", "tina", "molly", "rock", "tar", "black", "pressed blues", "spice", "speed", "xannies",
        "whippets", "g", "soma", "ice",
    ),
    "place": (
        "Kensington and Allegheny", "mission st", "the Loin", "Highland Park", "Echo Park", "bayview", "Ocean Beach", "Lents",
        "Delridge", "Belltown", "the Bottoms", "Crenshaw", "MacArthur park", "Fordham road", "Tompkins sq", "the L train",
        "union station", "Salem", "Eugene", "Lancaster", "Stockton", "St. Paul", "Ft Worth", "Hunter's Point", "Eastlake ave",
        "the I-5 overpass", "6th and Pike", "Dolores park", "Lincoln heights", "the levee",
    ),
    "agency": (
        "St. Vincent's", "Harbor House", "Joy Center", "the Gubbio Project", "Boyle clinic", "Dorothy Day House", "Providence",
        "Lutheran Social Services", "St Boniface", "Mercy House", "Angel's Wings", "Cornerstone", "Marin General", "Bellevue",
        "Prevention Point", "the Wellness Center", "Roberts recovery", "Jordan valley detox", "La Clinica", "the needle exchange",
        "Elizabeth House", "Saint Rose hospital", "Carter place", "Homeward Bound",
    ),
    "store": (
        "walgreens", "Rite Aid", "Wendy's", "Jack in the box", "Carl's Jr", "Dunkin", "McDonalds", "Lowes", "Goodwill", "AutoZone",
        "Ross", "Foods Co", "the corner store",
    ),
}  # fmt: skip
"""By the slot's name."""
