"""Words of the field that no list has, and words that say beside a name that it is a person's, or a place's."""

from true_api.privacy.guard.brands import PHRASES
from true_api.privacy.guard.field import FIELD


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


STREET_NAMES_OF_DRUGS = _words("tina molly crystal charlie jane christina lucy roxy roxie sandy white ivory snow")
USING = _words(
    """
    using used uses use usin smoking smokes smoke smoked smokin shooting shoots shootin snorting snorts snorted
    doing slamming slams slammed injecting injects injected mixing mixes mixed selling sells sold buying buys bought
    bag bags gram grams batch quit quitting cut pure strong china black mary more tested tests snort inject bump
    bumps booty
    """
)
"""What stands before a drug rather than a person, also with `of` between."""
HIGH = _words(
    """
    nodding nods nodded paranoid hooked relying shot shoot shooting stayed stays weaned came come high been back was
    is hes shes he's she's tweaking spun rolling still stay
    """
)
DRUGS = _words(
    """
    fentanyl fent fetty dope heroin meth crack coke cocaine tranq xylazine weed xanax xans benzos pills blues ghb
    ketamine speed k2 percs oxy alcohol beer liquor thc pcp mdma ecstasy methadone suboxone opioids opiates downers
    uppers foil pipe
    """
)

KIN = _words(
    """
    brother brothers bro sister sis mom moms mother mum mama dad dads father pops papa son daughter kid baby babies
    child cousin cuz primo uncle aunt auntie aunty niece nephew grandma grandmother granny nana grandpa grandfather
    wife husband hubby wifey spouse fiance fiancee gf bf girlfriend boyfriend girl boy partner lady man dude ex
    friend friends bestie bff homie homies homeboy homegirl buddy pal neighbor roommate roomie bunkie cellie
    tentmate campmate sponsor sponsee dealer plug landlord boss coworker peer mentor daddy mommy mami papi stepdad
    stepmom stepson stepdaughter stepbrother stepsister twin godmother godfather godson goddaughter participant
    client patient caseworker counselor therapist doc lawyer po pd navigator coach supervisor manager mgr worker guy
    hermano hermana mama papa hijo hija primo prima tio tia abuelo abuela esposo esposa novio novia amigo amiga
    compadre comadre sobrino sobrina cunado cunada suegra suegro nieto nieta pareja vecino vecina jefe jefa ct pt
    """
)
OF_WHOM = _words(
    """
    my his her their our your the ur mi su tu mis sus nuestro nuestra la el un una this that a another another's ex-
    whose lil little older younger big baby old step
    """
)
TITLES_OF_NAMES = _words(
    """
    mr mrs ms mister dr officer ofcr ofc deputy sgt sergeant judge pastor rev reverend deacon imam rabbi counselor
    attorney atty detective det lt lieutenant capt prof professor senor senora senorita sr sra srta don dona doctora
    oficial juez nurse
    """
)
SOFT_TITLES = _words(
    """
    lil big uncle aunt auntie tio tia cousin primo prima grandma grandpa rip ct pt participant client patient miss
    hermano hermana hey
    """
)
TITLES = (
    TITLES_OF_NAMES | SOFT_TITLES | {"doctor", "father", "sister", "brother", "coach", "doc", "bishop", "king", "queen"}
)
BETWEEN = _words(
    """
    the a an and or but if so as at by for from in into of off on onto out over to up with w wo w/o not no nor n
    than then that this these those there here i me my mine we us our ours you u your yours he him his she her hers
    it its they them their theirs who whom whose what which when where why how am is are was were be been being do
    does did done doing have has had having will would can could shall should may might must all any both each few
    more most other some such only own same too very just now also ever never still again say said says get got go
    goes went come came see saw seen know take took make made give gave want need one two three like well back even
    way because after before about against between through during above below under while until till el la los las
    un una unos unas y e o u de del al en con sin por para que q es son esta estan no si su sus mi mis tu tus se le
    les lo me te nos ya muy mas pero como cuando donde ella ellos yo hoy ayer fue va hay ser
    """
) - {"will", "may"}
"""Words that carry a sentence: never a name, whatever stands around them."""
ENGLISH_SYLLABLES = _words(
    """
    he she me we do go no so to in an a i you who than then can has ran on ten man men pin tie die lie car far bar
    war fee see pan pen fan fun gun run sun
    """
)
PARTICLES = _words(
    """
    de la del dela las los van von der den bin ibn al el abu ben mc mac da dos di le du st san santa o d y
    """
)
NEVER_LAST = _words("will may can said says street today tomorrow baby mom lost might called back")

NAMED_SO = _words("named nickname nicknamed alias aka apodo llama llamo llaman dicen")
CALLED_SO = frozenset(
    {
        ("by", "goes"), ("by", "go"), ("by", "went"), ("by", "going"), ("is", "name"), ("was", "name"), ("as", "known"),
        ("is", "nickname"), ("es", "nombre"), ("name", "real"), ("name", "first"), ("name", "last"), ("name", "street"),
    }
)  # fmt: skip
"""The word before, and the one before that."""
CALLS = _words("call calls called calling")
THEM = _words("him her them himself herself themself themselves me myself")

TO_A_PERSON = _words(
    """
    met meet saw seen see told tell asked ask texted text txt texting txted calling phoned visited visit helped help
    helping hugged called hug thank thanked avoid pray missed invited invite reminded remind convinced woke calmed
    trained enrolled enroll engaged engage greeted greet ran went contacted contact messaged message msg msgd paged
    emailed found find spotted recognized knows know knew missed misses loves loved hates hate trust trusts trusted
    married marrying dating dated lost brought driving drove escorted accompanied transported walked revived
    reversed reversal rescued saved narcanned gave give giving given gives handed hand owes owe fed bandaged dressed
    treated assessed interviewed screened referred linked registered admitted discharged released arrested bailed
    evicted housed introduced introducing bumped followed remember remembers talked talk talking spoke speak spoken
    sat stayed stays looking lookin look waiting asking asks asked where put showed took got thx thanks message
    brought dropped drop off hung chatted checked check checking vi vimos vino encontre encontramos visite ayude
    ayudamos llame llamamos hable hablamos conoci conoce dile dele digale pregunte lleve llevamos busco buscando
    buscamos extrano abrace hola hi hello hey dear
    """
)
WITH = _words("with w wit con")
PREPOSITIONS = _words(
    """
    for 4 from about abt bout re to by and n or at than like para pa de a y e sin por sobre of on up into off fu as
    u por
    """
)
ARTICLES = _words(
    """
    a an the this that these those some any no more much every each another my his her their our your its one two
    many las los un una
    """
)
DONE_BY_A_PERSON = _words(
    """
    said says saying tells told asks asked wants wanted needs needed came comes went goes called calls texted showed
    shows stopped mentioned mentions reported reports stated states agreed agrees declined declines refused refuses
    thinks thought feels felt lives lived stayed stays likes liked loves hates knows knew slept sleeps ate cried
    cries laughed smiled overdosed od'd oded ods died passed gave brought helped worked walked drove rode met seems
    seemed tried stole fell completed finished graduated enrolled signed returned missed lost found joined waited
    expressed discussed denied endorsed presented attended accepted requested received shared hopes hoped planned
    turned hugged sat stood doesnt doesn't didnt didn't hasnt hasn't aint ain't wont won't dice dijo quiere quiso
    necesita necesitaba tiene tenia viene vive llamo llego murio pidio sabe cree esta estaba asking stopping
    """
)
BESIDE_A_PERSON = _words(
    """
    is was has had got gets isnt isn't wasnt wasn't can cant can't cannot couldnt couldn't will would wouldnt could
    should might may must gonna did does hadnt still also finally just took takes used uses left leaves relocated
    moved moves looks looked keeps kept starts started broke hurt hurts checked picked dropped tested and n y e w
    with again today yesterday lol ok okay good mad happy sad sick pregnant housed stable ready me no ya se fue va
    anda sigue puede same
    """
)
THINGS_OF_A_PERSON = _words(
    """
    mom moms mother mama dad father brother bro sister sis son daughter kid kids baby wife husband girlfriend
    boyfriend gf bf cousin uncle aunt friend house place apartment apt room tent car van truck rv couch spot phone
    number cell bag stuff things dog cat pet leg arm foot hand wound abscess birthday bday court case po caseworker
    counselor lawyer landlord partner family ex id ids wallet meds medicine script dose intake appointment appt
    chart file voucher funeral memorial ashes ride bed bike cart clothes shoes money check plan name story turn girl
    boy people peeps crew homie dealer lady man roommate neighbor grandma grandmother grandpa niece nephew
    """
)
HEADS_OF_PLACES = _words(
    """
    shelter clinic hospital church center centre kitchen villages village inn park parks st street ave avenue av
    blvd boulevard rd road dr drive ln lane ct court hwy highway fwy freeway bridge overpass underpass tunnel plaza
    square sq circle heights hills valley beach bay island creek river lake county city town township district high
    school elementary middle academy college university univ library station stop ministries ministry mission
    foundation institute project projects temple mosque synagogue cathedral chapel parish baptist methodist lutheran
    episcopal presbyterian catholic ame pharmacy store market deli diner cafe grill pizza bakery motel hotel hall
    services service charities charity health healthcare medical med wellness recovery detox rehab treatment program
    programs network alliance coalition council society association league army campus tower towers apartments manor
    terrace gardens garden commons court courts jail prison courthouse precinct museum theater arena stadium gym
    pool playground cemetery general airport terminal pier wharf dock house houses home homes place places point pt
    mall outlet fairgrounds rink trail trails row block blocks bldg building ymca ywca pantry day days bank lodge
    """
)
HEADS_AT_HOME = _words(
    """
    house home place places room court day days block building row stop hall pool garden park store
    """
)
"""Of a place, but of a person after an apostrophe: Maria's house, and Martha's kitchen."""
BEFORE_PLACES = _words(
    """
    st saint san santa santo sta fort ft mount mt lake camp port point los las east west north south upper lower
    downtown nuestra casa villa rio los las
    """
)
AT_PLACES = _words(
    """
    in near at around inside outside behind across between toward towards into onto along en cerca past thru through
    leave leaving desde
    """
)
LEAVING = _words(
    """
    visit visiting moved camp camps towed certificate came come comes here back gone walked drove bus flew tents
    just move moving cops ran away originally people ppl folks kids
    """
)
"""What comes from a place: the rest that comes from somebody is a message."""
STANDING = _words(
    """
    down broke garden camp camps tent tents van bridge bushes store bus lot tracks bench corner park camped sleeping
    sleeps slept out spot over encampment rv car parked
    """
)
"""What stands by a place: the camp by the river."""
MESSAGES = _words(
    """
    msg message text txt call vm voicemail email letter note word heard borrowed stole got back kiss dm card
    """
)
"""What comes from somebody."""
MOVING = _words(
    """
    fue va van vamos ir voy took take taking rode walked walk walking went go goes going moved move moving drove
    drive driving bus train ran traveled flew headed bike biked relocated trip line
    """
)
DAYS = _words(
    """
    monday tuesday wednesday thursday friday saturday sunday january february march april may june july august
    september october november december lunes martes miercoles jueves viernes sabado domingo enero febrero marzo
    abril mayo junio julio agosto septiembre octubre noviembre diciembre christmas easter ramadan eid diwali
    hanukkah thanksgiving juneteenth halloween navidad
    """
)
EVERYDAY = _words(
    """
    will may hope faith grace joy dawn frank sandy rich art bill mark chase pat drew rob sue ray guy summer autumn
    april june august rose lily daisy ivy holly jade ruby pearl amber crystal cherry ginger sage robin jay rusty
    dusty misty stormy sunny sky star angel baby precious destiny chance hunter mason tanner cooper carter parker
    page dale glen cliff brook forest rocky chip buck buddy gene dean duke king prince earl max miles penny nick
    skip bud herb curt mercy charity patience prudence honor justice trinity melody harmony candy honey sugar dolly
    kitty bunny birdie fern flora hazel heather iris jasmine laurel olive poppy violet willow pierce lance grant
    wade clay reed heath ridge colt wolf bear fox lucky rowdy ace carol sierra dakota china asia india paris london
    cash jewel gale eve peg gay merry happy major sterling stone steel woody ran lane bo van hector rip lotta kit
    wally tad mat sonny junior sherry brandy marina alba tina molly roxy israel jordan jersey royal nova phoenix
    journey river ocean storm winter snow blaze blue gray grey
    """
)
"""First names that are words of every day: a name only where something beside them says so."""
ANGRY = _words(
    """
    mad angry pissed upset yelled yelling screamed screaming swung looked looking laughed hit ran run running bumped
    bump fight
    """
)
SHORTENED = _words(
    """
    mr mrs ms dr st sr sra jr lt sgt prof rev capt det atty ofc dep apt approx vs no num rm bldg mt ft
    """
)
"""What a full stop shortens rather than ends."""
SURNAMES_TOO = _words(
    """
    parks hill hills hall lake rivers river day days bay lane church field west point court bank bridge beach valley
    wood market
    """
)
"""Heads of places that are last names too: not where they are met or do something."""
MISSPELLED_TOO = FIELD | DAYS | KIN | TITLES | HEADS_OF_PLACES | {word for phrase in PHRASES for word in phrase}
"""Words that people write in haste, beside those that a count of words knows."""
