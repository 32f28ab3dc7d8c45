"""Drugs, programs, benefits, shorthand and street spelling: never a name unless somebody is called so."""

WORDS = """
narcan naloxone nasal kloxxado zimhi suboxone subs sub subutex bup bupe buprenorphine sublocade brixadi zubsolv
vivitrol naltrexone methadone methadose mat moud oud oat otp clonidine lofexidine gabapentin gaba lyrica seroquel
trazodone zoloft lexapro prozac sertraline wellbutrin buspar remeron abilify risperdal zyprexa lithium hydroxyzine
vistaril zofran imodium ibuprofen tylenol motrin advil amoxicillin doxycycline doxy bactrim keflex prep truvada
descovy biktarvy harvoni epclusa mavyret insulin metformin albuterol adderall ritalin vyvanse xanax xans xan xanny
klonopin kpins valium ativan benzo benzos benadryl fent fetty fentanyl fentanil carfentanil nitazene nitazenes
isotonitazene xylazine xyla tranq medetomidine dex bromazolam kratom kit kits tianeptine phenibut ketamine special ghb
meth ice speed tweak tweaking crack coke cocaine blow heroin dope percs perc percocet oxy oxys oxycontin oxycodone
roxys roxies norco vicodin vikes dilaudid tramadol codeine lean blues m30 m30s presses pressies goofball goofballs
speedball speedballs k2 spice pcp mdma ecstasy weed thc cbd vape bong dab dabs rig rigs works cooker cookers cottons
tie ties hammer stem stems pipe pipes foil foils straw straws sharps biohazard strips strip fts hep hcv hbv hiv sti
stis std stds tb uti mrsa copd neg ua uas uds bac covid sternal bp ekg afib cpr aed ems emt er ed icu picc iv im ivdu
idu od ods oded oding od'd od'ing ko'd wd wds paws dt dts abscess abscesses endocarditis cellulitis necrosis cbt dbt
ptsd adhd bpd mdd smi cooccurring na aa ma ca smart iop php opt sud suds soar snap ebt tanf ssi ssdi ssa wic calfresh
medi-cal medical medicaid medicare hud hmis coc ces psh rrh ssvf vash sro hoh dv dss dcf cps dhs hhs doc va vamc dmv
ptld po pos cm cms cw cws np rn lcsw lpc pa md dds opo lpn crs cprs mhp ct cts pt pts tx dx rx hx sx fx px appt appts
apt apts abt b4 bc bday bf gf bff bro sis fam ppl peeps folks kiddo kiddos hubby wifey mo mos yr yrs yo wk wks hr hrs
min mins sec secs tmrw tmr tmw tom2 tonite nite nites aft eve wknd mon tue tues wed weds thu thur thurs fri sat sun
jan feb mar apr jun jul aug sep sept oct nov dec am pm asap fyi idk tbd tba eta aka nvm lol lmao smh omg wtf imo tbh
btw ikr hmu ttyl brb ty thx tysm pls plz txt txts msg msgs vm vms lvm lm cb pu p/u f/u fu d/c dc w wo w/o wout n nd r
u ur urs ya yall y'all aint ain't doesnt didnt dont wont cant wasnt isnt hasnt havent hadnt couldnt shouldnt wouldnt
ive id ill hes shes theyre thats whats lets gonna wanna gotta gotcha tryna finna bout cuz coz cus cause til till thru
tho altho nuff sumthin somethin nothin everythin goin comin doin lookin sleepin talkin feelin stayin livin usin workin
hangin waitin sittin walkin tryin askin gettin eatin smokin shootin nodding noddin rq sz lg sm med xl xxl qty pkg pkgs
ea incl ref refd sched resched cxl conf reconf vol vols coord mgr mgmt supv sup dept ofc bldg amt approx avg misc etc
info addr num nbr tel ph cel cell voicemail vmail email emails wifi app apps uber lyft zoom outreach walkins dropin
dropins warmline hotline helpline linkage backpacking syringe syringes ssp spa rez navigator navigators bhrc crt mcrt
mhu pes 5150 5250 5585 prc rcc obot ccbhc fqhc rhc nep lohp hri nhrc hygiene handwarmers ponchos poncho tarps tarp
tents bedroll bedrolls blanket blankets beanie beanies sanis sani bandaids neosporin gauze coban saline bacitracin
betadine tampons pads pullups diapers gatorade pedialyte ensure ramen mre mres unhoused houseless sweeps encampment
encampments rv rvs motorhome boosting panhandling flagging dumpster dopesick dopesickness bbq dj tv dvd ps4 xbox
hoodie hoodies sweats joggers sneaks nah yea yeah yep yup nope ok okay kk k alot alright aight ight lil big ole mr mrs
ms dr st sr jr lgbtq lgbt lgbtqia trans nonbinary enby cis queer latinx latine bipoc poc esl ell asl q pq xq tmb tqm
xfa porfa ntp nomas pal porq sta stan stuvo toy ta tas naa nadie metadona suboxona fentanilo naloxona sobredosis
gracias cumple cumpleanos jeringas jeringa tecato recaida cuete troca parquear parqueo lonche biles aplicar aseguranza
traila
"""

FIELD = frozenset(WORDS.split())
"""Words that peers write and that no list of a package has."""
