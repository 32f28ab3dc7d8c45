"""Words that no code may spell: what insults, exposes or labels whoever carries the card, in English and Spanish.

Insults, slurs, sexual words, words for drugs, and words that tell of a diagnosis, of prison or of living without a
home. They stand here turned by thirteen letters (rot13), so that nobody who reads or searches the tree meets them
by accident, while a maintainer still sees which they are, and adds one, by `codecs.decode(text, "rot13")`. Nothing is
secret about them; digests would only hide from review what is in the list.

A word that holds another one of the list adds nothing and is left out.
"""

import codecs
import re

_ENGLISH = """
nob nqqvpg nvqf nyxl nany nahf nefr nff onxrq oqfz ornare ovgpu oybjwbo obare obbo obbmr ohz oheabhg ohgg pnaanovf
puvax pyvg pbpnvar pbpx pbxr pbaivpg pbbpu pbba pbc penpx pevzvany pevc phz phag qntb qnza qnexvr qrnq qrngu
qreryvpg qvpx qvr qvxr qvyqb qvegl qbcr qbex qbhpur qeht qehax qhzo qlxr rpfgnfl rerpg snt sneg sng spx srprf srypu
sryba srag svraq svygul sbby sernx shpp shpx shx tnawn tuo tvzc tbabeeurn tbbx tlc unt upi urc urebva urecrf uvgyre
uvi ubob ubr ubzb ubaxl ubbxre ubeal uhffl vqvbg vapry vaprfg vazngr vafnar wnc wvmm whax xrg xvxr xvyy xxx xlf
ynzr yrcre yrfob yrmob ybbal ybfre yfq yhangvp znq znttbg zqzn zrfpny zrgu zbsb zheqre anep anmv arrql arteb avt
afsj ahqr ahggre bqrq bqf bcvngr bcvhz betnfz betl bkl cnxv cpc crr cravf crep crei cuhx cvt cvff cbba cbbc cbea
cbg cevpx cflpub chor chff dhrre enturnq encr encvfg eng erpghz erqfxva errsre fnq fnintr fpuvmb fpebghz frk fuvg
fuebbzf fxnt fxnax fynt fynir fyvzr fyhg fznpx fzhg fangpu favgpu fbg fcnm fcrez fcvp fcyvss fdhnj fgq fgbare fhpx
flcuvyvf gneq grng grfgrf gup guvrs guht gvan gvg gbffre genzc genaavr genaal genad genfu gheq gjng gjrnx gjvg htyl
hfre intvan intenag inyvhz ivpbqva ihyin jnax jrrq jrveqb jrapu jrgonpx juber jbc jerpx jgs knank klynmvar mnaal
"""
_SPANISH = """
nqvpgn nqvpgb nypbubyvpn nypbubyvpb nasrgn nab onfhpb obon obob obyhqn obyhqb obeenpun obeenpuren obeenpub oehgn
oehgb pnoeba pnpn pnpubaqn pnpubaqb pntn pnahgb preqn preqb puncreb puvsynqb puvatn puvatba pubpub pubyn pubyb
pubeb puhxv puhcn pbpnvan pbpuvan pbpuvab pbwb pbapun pbab pergvab phyrne phyren phyreb phyb qrtrarenqb qrzragr
qrfivnqb qebtn roevn roevb rasrezn rasrezb ratnapunqb rfpbevn rfdhvmb rfghcvqn rfghcvqb rgf snybcn sneybcn srn srb
sbyyne shynan shepvn tnl tbabeern tbeqn tbeqb thneen thneeb vzorpvy vaqvtragr vahgvy wbqre wbqrgr wbqvqb wbgb whqvb
ynqvyyn ynqeba yrcen yreqn yreqb ybpn ybpb znpnpb znpubeen znyqvgb znzne znzba znevpn znevpba znevuhnan zngne zrne
zraqvtn zraqvtb zrafb zvreqn zbpbfb zbwnqb zbatbyb zbeb zhrer zhregr zhregb zhter arten bwrgr bcvb bevan cnwreb
cnwvyyreb cncnangnf cnfgvyyreb crqb crybghqb craqrwn craqrwb crar creen creeb crmba cvpun cvwn cvapur cvatn cboer
cbyyn cbeeb cebfgv chrepn chrepb chgn chgb enzren erpnvqn fnenfn fnean fvqn fvqbfn fvqbfb fvsvyvf fvzvb fboerqbfvf
fhpvn fhpvb fhqnpn gnenqn gnenqb grgn grgban gbagn gbagb gbegvyyren gbkvpb genon geniryb genirfgv ghyyvqb intnohaqb
iretn ivu ivbynqbe lbaxv lbaxl lbadhv mbcrapb mbdhrgr mbeen mbeeb
"""

WORDS = tuple(codecs.decode(_ENGLISH + _SPANISH, "rot13").upper().split())

_READ_ALIKE = ("0O", "1IL", "5S", "8B", "3E", "4A", "7T", "VU", "69G", "2Z")
"""What people read for one another in a code. Codes have no I, L, O and U: 1, 0 and V are read in their place."""
_AS_READ = str.maketrans({symbol: alike[0] for alike in _READ_ALIKE for symbol in alike})


def as_read(text: str) -> str:
    """Upper-case letters and digits with those that are read alike made equal; two texts that look alike are one."""
    return text.translate(_AS_READ)


_SPELLED = re.compile("|".join(sorted(re.escape(as_read(word)) for word in WORDS)))


def spells_a_word(code: str) -> bool:
    """Whether a canonical code, dashes aside, shows one of the words to who reads it."""
    return _SPELLED.search(as_read(code)) is not None
