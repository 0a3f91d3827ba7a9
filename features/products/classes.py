"""Classes of goods by their common names.

General knowledge, written down for this table: chemical names, usual abbreviations and street names
as drug information services list them, and the kinds of digital goods. A name of two words counts
before its parts.
"""

from functools import cache

import polars as pl

CLASSES = """
cannabis: cannabis, weed, marijuana, ganja, kush, haze, bud, buds, sativa, indica, skunk
hashish: hash, hashish, charas, bubble hash, polm, polen
cannabis extract: shatter, wax, bho, rosin, distillate, dabs, live resin, vape cartridge, rso
edibles: edible, edibles, brownie, gummies, cannabutter
synthetic cannabinoids: spice, am-2201, jwh-018, k2, ur-144, 5f-adb
cocaine: cocaine, coke, crack, fishscale, flake
heroin: heroin, diacetylmorphine, black tar, china white, h4
opium: opium, poppy, poppies
morphine: morphine, ms contin
fentanyl: fentanyl, fent, carfentanil, duragesic
oxycodone: oxycodone, oxy, oxycontin, roxicodone, roxy, percocet, m30, a215
hydrocodone: hydrocodone, vicodin, norco, lortab
codeine: codeine, lean, promethazine, dihydrocodeine
tramadol: tramadol, ultram
methadone: methadone
buprenorphine: buprenorphine, suboxone, subutex, zubsolv
kratom: kratom
mdma: mdma, molly, moonrocks, mandy
ecstasy: ecstasy, xtc, pills, pressed pills
mda: mda, sass
amphetamine: amphetamine, speed, amphetamin, pep, dexamphetamine, adderall, dexedrine, vyvanse
methamphetamine: methamphetamine, meth, crystal meth, ice, shabu, tina, tik
methylphenidate: methylphenidate, ritalin, concerta
modafinil: modafinil, armodafinil, provigil
cathinones: mephedrone, methylone, 4-mmc, 3-mmc, mdpv, alpha-pvp, a-pvp, flakka, 4mmc, 3mmc
lsd: lsd, acid, lsd-25, blotter, blotters, gel tabs, microdots, 1p-lsd
dmt: dmt, changa, ayahuasca, 5-meo-dmt
mushrooms: mushrooms, shrooms, psilocybin, psilocybe, truffles, cubensis, magic mushrooms
mescaline: mescaline, peyote, san pedro
2c: 2c-b, 2cb, 2c-i, 2c-e, 2c-p, nbome, 25i, 25i-nbome, 25c, nexus
ketamine: ketamine, ket, s-ketamine, special k
mxe: mxe, methoxetamine, dxm, pcp
nitrous oxide: nitrous oxide, whippets
ghb: ghb, gbl, ghb sodium
alprazolam: alprazolam, xanax, xanny, bars
diazepam: diazepam, valium
clonazepam: clonazepam, klonopin, rivotril
benzodiazepines: lorazepam, ativan, temazepam, etizolam, flubromazolam, nitrazepam, bromazepam
sleep aids: zolpidem, ambien, zopiclone, zaleplon
gabapentinoids: pregabalin, lyrica, gabapentin, neurontin
muscle relaxants: carisoprodol, soma, flexeril, cyclobenzaprine
steroids: testosterone, dianabol, anavar, trenbolone, winstrol, deca, masteron, sustanon, hgh
erectile: viagra, sildenafil, cialis, tadalafil, kamagra, levitra
antidepressants: ssri, sertraline, prozac, fluoxetine, bupropion, wellbutrin
tobacco: tobacco, cigarettes, cigars, snus, nicotine
weapons: glock, pistol, taser, ammo, ammunition, silencer, knife
counterfeit money: counterfeit, banknotes, fake bills
documents: passport, license, licence, id card, identity card, driver license, scans
payment cards: cvv, cvv2, dumps, carding, fullz, credit card, debit card, cc
bank accounts: paypal, bank account, bank login, bank drop, western union
gift cards: gift card, giftcard, egift, voucher, coupons
accounts: netflix, spotify, hulu, premium account, lifetime account
guides: guide, ebook, e-book, tutorial, manual, how to, pdf
software: software, malware, botnet, rat, keylogger, ransomware, exploit, vpn, socks5, rdp
leaks: database, combo list, leads, leak
jewellery: rolex, watch, replica, jewelry, jewellery, gold
"""

WORD = r"[\p{L}\p{N}]+(?:-[\p{L}\p{N}]+)*"


@cache
def class_of_name() -> pl.DataFrame:
    """Every name and its class: `name`, `class`."""
    lines = (line.partition(": ") for line in CLASSES.strip().splitlines())
    rows = [(name.strip(), kind) for kind, _, names in lines for name in names.split(",")]
    return pl.DataFrame(rows, schema={"name": pl.String, "class": pl.String}, orient="row")


def classes_in(texts: pl.Series) -> pl.DataFrame:
    """The classes that n texts name: number (the row of the text) and class, each once."""
    words = (
        pl.DataFrame({"word": texts.str.to_lowercase().str.extract_all(WORD)})
        .with_row_index("number")
        .explode("word", empty_as_null=True)
        .drop_nulls()
        .with_columns(
            pair=pl.concat_str("word", pl.col("word").shift(-1).over("number"), separator=" ")
        )
    )
    names = class_of_name()
    by_pair = words.join(names, left_on="pair", right_on="name").select("number", "class")
    by_word = words.join(names, left_on="word", right_on="name").select("number", "class")
    return pl.concat([by_pair, by_word]).unique().sort("number", "class")
