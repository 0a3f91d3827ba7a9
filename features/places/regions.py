"""Countries and regions by the names that markets and sellers give them.

General knowledge, written down for this table: names in English and at home, ISO 3166 codes, and
the usual abbreviations. What says nothing of a place (worldwide, undeclared, digital) is not here.
"""

import re
from functools import cache

import polars as pl

REGIONS = """
United States, usa, united states of america, us, u.s., u.s.a., america
United Kingdom, uk, great britain, england, scotland, wales, gb, britain, u.k., northern ireland
Netherlands, the netherlands, holland, nl, nederland
Germany, deutschland, de, ger
Canada, ca, can
Australia, au, aus, oz
Europe, eu, european union, europa, europe (eu), schengen
China, cn, mainland china, prc, people's republic of china, china mainland
Hong Kong, hk, hongkong, hong
Taiwan, tw, taiwan province of china
India, in
Sweden, se, sverige
Norway, norge
Denmark, dk, danmark
Finland, fi, suomi
Iceland
Belgium, be, belgie, belgique
Luxembourg
France, fr
Spain, es, espana, españa
Italy, it, italia
Portugal, pt
Malta
Poland, pl, polska
Czech Republic, czechia, cz, czech
Slovakia, sk, slovak republic
Austria, at, österreich, osterreich
Switzerland, ch, schweiz, swiss, suisse
Ireland, ie, republic of ireland, eire
Hungary, hu, magyarorszag
Romania, ro
Bulgaria, bg
Greece, gr
Slovenia, si
Croatia, hr
Serbia, rs
Lithuania, lt
Latvia, lv
Estonia, ee
Ukraine, ua
Russia, ru, russian federation
Turkey, tr, türkiye, turkiye
Israel, il
South Africa, za, rsa
New Zealand, nz
Japan, jp
South Korea, korea, kr
Thailand, th
Philippines, ph, the philippines
Singapore, sg
Malaysia, my
Vietnam, vn, viet nam
Cambodia, kh
Indonesia
Pakistan, pk
Afghanistan
Morocco, ma
Mexico, mx
Colombia, columbia
Peru
Bolivia
Guatemala
Argentina
Brazil, br, brasil
Chile
Asia, south east asia, southeast asia
North America
South America, latin america
Africa
Oceania
Scandinavia, nordic countries
"""

ROUTE = r"(?i)^\s*(?:ships?\s+)?(?:from\s*:?\s+)?(.*?)\s*(?:\bto\b\s*:?\s+(.*))?$"
PARTS = re.compile(r"\s*(?:[,;/|+&()]|\band\b|\bor\b|->|→)\s*", re.IGNORECASE)


@cache
def region_names() -> tuple[str, ...]:
    """The regions, each by its first name, in the order in which they are numbered."""
    return tuple(line.partition(",")[0] for line in REGIONS.strip().splitlines())


@cache
def spellings() -> dict[str, str]:
    """The region of every spelling, in lower case."""
    lines = (line.split(", ") for line in REGIONS.strip().splitlines())
    return {name.lower(): names[0] for names in lines for name in names}


def region_of(place: str) -> str | None:
    """The region that a text names, its own or that of its first part; None where it names none."""
    names = spellings()
    whole = " ".join(place.lower().split()).strip(" .:-*!")
    if whole in names:
        return names[whole]
    parts = (part.strip(" .:-*!") for part in PARTS.split(whole))
    return next((names[part] for part in parts if part in names), None)


def routes_of(stated: pl.Series) -> pl.DataFrame:
    """Origins and destinations of n statements such as "From: X To: Y".

    Returns:
        n rows, `origin` and `destination`: the region, null where none is known.
    """
    spelled = stated.unique().drop_nulls().sort()
    parts = [re.match(ROUTE, text, re.DOTALL) for text in spelled]
    table = pl.DataFrame(
        {
            "stated": spelled,
            "origin": [region_of(part.group(1) or "") if part else None for part in parts],
            "destination": [region_of(part.group(2) or "") if part else None for part in parts],
        },
        schema={"stated": pl.String, "origin": pl.String, "destination": pl.String},
    )
    said = stated.cast(pl.String).alias("stated").to_frame()
    return said.join(table, on="stated", how="left", maintain_order="left").drop("stated")
