"""Names of brands, saints and persons of history, which in a note are said of what is called after them."""

BRANDS = """
    trader joe's, trader joes, wells fargo, johns hopkins, jack in the box, mary jane, wendy's, wendys, denny's,
    dennys, mcdonald's, mcdonalds, carl's jr, carls jr, papa john's, papa johns, jimmy john's, jimmy johns,
    macy's, macys, arby's, arbys, lowe's, lowes, kohl's, kohls, sam's club, sams club, dick's, popeyes, popeye's,
    chili's, chilis, applebee's, applebees, zaxby's, whataburger, peet's, peets, tim hortons, marshalls,
    walgreens, walmart, kaiser, kaiser permanente, martin luther king, mlk, cesar chavez, malcolm x, harvey milk,
    rosa parks, jesus christ, christ, bob marley, tupac, allah, buddha, santa claus, saint patrick, valentine's,
    valentines, betty ford, robert wood johnson, mother teresa, ryan white, jane doe, john doe, uncle sam, good
    samaritan, dollar general, family dollar, dollar tree, home depot, burger king, safeway, kroger, costco, good
    sam, winn dixie, wawa, dunkin, autozone, goodwill, starbucks, ihop, ikea, petco, fedex, chipotle, amtrak,
    greyhound, verizon, boost mobile, cash app, venmo, paypal, zelle, uber, lyft, doordash, instacart, amazon,
    netflix, youtube, walmart's, aldi, st jude, dorothy day, medgar evers, harriet tubman, frederick douglass,
    george washington, abraham lincoln, barack obama, donald trump, joe biden, charlie parker, al anon, alanon,
    nar anon, naranon, al-anon, nar-anon, big book, serenity prayer, mary magdalene
"""

PHRASES = frozenset(tuple(phrase.replace("-", " ").split()) for phrase in BRANDS.split(","))
"""Each as words in lower case, with the possessive ending where one belongs to it."""
IN_PHRASES = frozenset(word.removesuffix("'s") for phrase in PHRASES for word in phrase)
LONGEST_PHRASE = max(map(len, PHRASES))
