"""The tuned set, a fourth hand: what was held out and then was read; a new set is held out since."""

FILLINGS: dict[str, tuple[str, ...]] = {
    "day": ("mon", "tues", "wed", "thur", "fri", "sat", "sun", "tmrw", "Monday", "next fri", "the 3rd"),
    "month": ("january", "feb", "mar", "April", "may", "june", "jul", "august", "sept", "October", "nov", "dec"),
    "time": ("7am", "10:15", "3 pm", "530", "noon", "8ish", "4:45"),
    "minutes": ("3", "6", "10", "25", "40"),
    "count": ("1", "2", "4", "5", "7", "15", "30", "three", "couple"),
    "dose": ("4mg", "12/3", "24 mg", "70mg", "150 mg", "half a strip", "128mg"),
    "sugar": ("402", "65", "150"),
    "pressure": ("170/110", "122/80"),
    "money": ("$10", "$35", "$900", "40 bucks", "a hundred"),
    "bus": ("28", "the 7", "line 12", "N Judah", "blue line"),
    "hotline": ("988", "211", "911", "1-800-662-4357", "800-799-7233", "(877) 726-4727", "1 888 373 7888"),
    "drug": ("suboxone", "methadone", "sublocade", "bupe", "naltrexone", "seroquel", "gabapentin", "Zoloft", "clonidine", "buspar"),
    "street": ("fetty", "dope", "meth", "tranq", "tina", "molly", "blues", "rock", "black tar", "k2", "lean", "benzos", "fent"),
    "place": (
        "Somerset station", "McPherson sq", "the Blade", "Wood street", "International blvd", "Leimert park", "San Pedro st",
        "Pershing square", "East Cleveland", "Dayton", "Hilltop", "Ballard", "White Center", "the jungle", "Rainier ave",
        "Burnside bridge", "old town", "82nd ave", "Cathedral park", "Vine city", "the bluff", "English ave", "Pulaski and Lake",
        "humboldt park", "Garfield park", "Lawndale", "Kinzie", "the bronx", "St Mary's park", "3rd and Brook", "Clifton", "tacoma",
    ),
    "agency": (
        "Bread of Life", "St Luke's mission", "Franklin house", "Martha and Mary kitchen", "the Bowery Mission", "Thomas house",
        "Good Sam", "Mary Mother shelter", "Crossroads", "Haight free clinic", "John Muir hospital", "New Beginnings", "Turning Point",
        "Pathways", "Carmel recovery", "the Lord's kitchen", "Helping Hands", "Saint Agnes", "First AME church", "Delancey St",
        "Alpha project", "county jail", "the methadone clinic", "Victory outreach", "Sam Jones shelter",
    ),
    "store": (
        "cvs", "Walmart", "Arby's", "7-11", "circle k", "Aldi", "Food Lion", "Dollar Tree", "Sheetz", "Papa Johns", "Starbucks",
        "Winn Dixie", "the liquor store",
    ),
}  # fmt: skip
"""By the slot's name."""
