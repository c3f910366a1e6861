"""Many names at once, and what stands around them: the same answers as one by one, better ones together."""

from __future__ import annotations

import csv
import json
import random
import string
from math import nan

import geopandas
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import Point

import geo
from geo.config import PLACES
from geo.errors import CoordinateError, CountryError, FilterError
from geo.geodesy import distance_km
from geo.places import PlaceFinder, default_finder, default_gazetteer
from geo.places.corrections import Corrections
from geo.places.names import key, keys
from geo.types import Place, PlaceQuery

COLUMNS = ["name", "place", "place_id", "kind", "country", "matched", "match", "reasons", "radius_km", "confidence"]
ANY_TEXT = st.text(max_size=30)
SPRINGFIELDS = "The fire in Springfield was seen from Chicago and Peoria; Illinois sent help."


@pytest.fixture(scope="module")
def finder():
    return default_finder()


def some_names(count):
    """Names of the gazetteer as written, always the same."""
    gazetteer = default_gazetteer()
    rows = np.random.default_rng(3).integers(0, len(gazetteer.sort), count)
    return [gazetteer.written(int(row)) for row in rows if gazetteer.sort[row] < 3]


# A column


def test_a_column_keeps_its_order_and_index_and_what_is_unknown_is_missing():
    names = pd.Series(["Seoul", "Nowhereville", None, "Najin", "Seoul"], index=list("edcba"))
    found = geo.geocode(names)
    assert isinstance(found, geopandas.GeoDataFrame)
    assert found.crs == "EPSG:4326"
    assert list(found.index) == list("edcba")
    assert [column for column in found.columns if column not in ("doubtful", "geometry")] == COLUMNS
    assert found["name"].tolist()[:2] == ["Seoul", "Nowhereville"]
    assert found.geometry.isna().tolist() == [False, True, True, False, False]
    assert found["confidence"].isna().tolist() == [False, True, True, False, False]
    assert found.loc["d", "place_id"] == ""
    assert found.loc["e", "place_id"] == found.loc["a", "place_id"] == "geonames:1835848"
    assert found.loc["b"].geometry.x == pytest.approx(130.283, abs=0.01)


def test_an_empty_column_is_empty():
    assert len(geo.geocode([])) == 0


def test_a_column_answers_as_one_by_one(finder):
    names = [*some_names(3000), "western Bering Sea", "Paris, Texas", "42.5 N 130.5 E", "Vladivostock", "Nowhereville"]
    found = geo.geocode(names)
    for name, row in zip(names[-400:], found.tail(400).itertuples(), strict=True):
        place = finder.place(name)
        if place is None:
            assert row.place_id == ""
            continue
        assert (row.place_id, row.match, row.matched) == (place.place_id, place.match, place.matched), name
        assert (row.geometry.x, row.geometry.y) == place.lonlat
        assert (row.reasons, row.confidence) == ("; ".join(place.reasons), place.confidence), name


def test_a_name_told_again_and_again_keeps_the_hints_of_its_row(finder):
    names, countries = ["Paris", "London"] * 3, ["FR", "GB", "US", "CA", "US", None]
    nears = [None, (-81.25, 42.98), None, None, (-95.5, 33.7), None]
    found = geo.geocode(names, country=countries, near=nears)
    rows = zip(names, countries, nears, strict=True)
    one_by_one = [finder.place(name, country=country, near=near) for name, country, near in rows]
    assert found["place_id"].tolist() == [place.place_id for place in one_by_one]
    assert found["reasons"].tolist() == ["; ".join(place.reasons) for place in one_by_one]


def test_known_names_are_all_found():
    names = some_names(20_000)
    unknown = geo.geocode(names).loc[lambda found: found.geometry.isna(), "name"]
    assert len(unknown) <= 5, unknown.tolist()  # towns called `Place`, `Port`: bare words for a kind of place


@given(st.lists(ANY_TEXT, max_size=5))
@settings(max_examples=60, deadline=None)
def test_keys_of_a_column_are_the_keys_of_its_names(names):
    many = [*names, *some_names(400)]
    assert keys(many) == [key(name) for name in many]


def test_many_keys_stand_where_each_stands():
    index = default_gazetteer().keys
    wanted = [key(name) for name in some_names(3000)]
    wanted += ["", "zzzz zzzz", "the", *(word[::-1] for word in wanted[:500])]
    for word, (start, stop) in zip(wanted, index.spans(wanted).tolist(), strict=True):
        first, last = index.span(word)
        assert (start, stop) == (first, last) if first < last else start == stop, word


def test_hints_are_for_all_or_for_each():
    found = geo.geocode(["London", "London"], country=["CA", "United Kingdom"])
    assert found["country"].tolist() == ["CA", "GB"]
    assert geo.geocode(["London", "Paris"], country="Canada")["country"].tolist() == ["CA", "CA"]
    near = geo.geocode(["Springfield", "Springfield"], near=[(-89.6, 39.8), (-72.6, 42.1)])
    assert near.geometry.x.round().tolist() == [-90, -73]


@pytest.mark.parametrize(
    ("hint", "error"),
    [
        ({"country": ["CA"]}, FilterError),
        ({"country": "Narnia"}, CountryError),
        ({"near": (200.0, 0.0)}, CoordinateError),
        ({"country": "Congo"}, CountryError),
        ({"country": 3}, FilterError),
        ({"near": "Berlin"}, FilterError),
        ({"near": ["Berlin", "Rome"]}, FilterError),
        ({"near": (1, 2, 3)}, FilterError),
        ({"context": ["a", "b", "c"]}, FilterError),
        ({"context": 3}, FilterError),
    ],
)
def test_bad_hints_are_refused(hint, error):
    with pytest.raises(error):
        geo.geocode(["London", "Paris"], **hint)


def test_hints_may_stand_in_any_usual_container():
    lonlat = (-95.55, 33.66)
    for near in (lonlat, list(lonlat), np.array(lonlat), Point(lonlat), [lonlat], geopandas.GeoSeries([Point(lonlat)])):
        assert geo.geocode(["Paris"], near=near)["country"].tolist() == ["US"]
    texts = pd.Series([pd.NA, "Paris, Texas"], dtype="string")
    assert geo.geocode(["Paris", "Paris"], context=texts)["country"].tolist() == ["FR", "US"]


def test_a_name_off_the_earth_is_told_by_its_number_and_half_a_letter_is_unknown():
    with pytest.raises(CoordinateError, match="Name 1, '95 N 10 E'"):
        geo.geocode(["Paris", "95 N 10 E"])
    found = geo.geocode(["Seoul", "\ud800", *["Xyzzyplugh"] * 300])
    assert found["doubtful"].tolist()[:2] == [False, True]


# What stands around


@pytest.mark.parametrize(
    ("name", "near", "country"),
    [("Moscow", (-117.0, 46.73), "US"), ("Tripoli", (13.18, 32.88), "LY"), ("Paris", (10.0, 45.0), "FR")],
)
def test_a_hint_at_hand_decides_and_a_far_one_does_not(finder, name, near, country):
    assert finder.place(name, near=near).country == country


@pytest.mark.parametrize(
    ("written", "country", "lon"),
    [
        ("Moscow, ID", "US", -117.0),
        ("Gary, IN", "US", -87.3),
        ("Wilmington, DE", "US", -75.5),
        ("Paris Texas", "US", -95.6),
        ("Paris TX", "US", -95.6),
        ("Korea (DPRK)", "KP", 127.0),
    ],
)
def test_what_holds_a_name_may_be_short_or_in_brackets(finder, written, country, lon):
    place = finder.place(written)
    assert (place.country, round(place.lon, 1)) == (country, lon)


@pytest.mark.parametrize("written", ["London (France)", "Nampo (South Korea)", "Hamhung (Russia)"])
def test_a_bracket_that_holds_no_such_place_is_not_passed_over(finder, written):
    assert finder.place(written) is None


@pytest.mark.parametrize(
    "word", ["TBD", "None", "n/a", "unknown", "at sea", "checkpoint", "Sea", "cargo", "нет", "미상"]
)
def test_a_word_that_names_no_place_is_none(finder, word):
    assert finder.place(word) is None
    assert geo.geocode([word]).geometry.isna().all()


@pytest.mark.parametrize(
    ("name", "kind"), [("Red Sea", "sea"), ("Amur", "river"), ("Thames", "river"), ("Lena", "river")]
)
def test_well_known_waters_stand_before_towns_of_their_name(finder, name, kind):
    assert finder.place(name).kind == kind


@pytest.mark.parametrize(
    ("name", "text", "lon", "lat"),
    [
        ("Alexandria", "A man of Alexandria, La., was held in Rapides Parish.", -92.4, 31.3),
        ("Alexandria", "From Cairo the train runs to Alexandria and Port Said.", 29.9, 31.2),
        ("Paris", "Paris, Texas, has a tower. So does Dallas.", -95.6, 33.7),
        ("Paris", "Lyon, Marseille and Paris were quiet.", 2.3, 48.9),
        ("Georgia", "The road from Tbilisi to Gori in Georgia was closed.", 43.5, 42.0),
        ("Georgia", "Atlanta and Savannah are in Georgia, north of Florida.", -83.5, 32.8),
        ("Springfield", SPRINGFIELDS, -89.6, 39.8),
        ("Vladimir", "The train from Moscow stops at Vladimir and Nizhny Novgorod.", 40.4, 56.1),
    ],
)
def test_the_text_says_which_is_meant(finder, name, text, lon, lat):
    place = finder.place(name, context=text)
    assert distance_km(place.lonlat, (lon, lat)) < 161, place


def test_names_of_one_text_judge_one_another_whatever_their_order(finder):
    names = ["Springfield", "Peoria", "Decatur", "Bloomington", "Chicago"]
    found = geo.geocode(names, context="one text")
    assert distance_km((found.geometry.x[0], found.geometry.y[0]), (-89.64, 39.80)) < 20
    order = [3, 1, 4, 0, 2]
    shuffled = geo.geocode([names[number] for number in order], context="one text")
    assert shuffled["place_id"].tolist() == [found["place_id"][number] for number in order]
    assert shuffled["confidence"].tolist() == pytest.approx([found["confidence"][number] for number in order])


def test_texts_do_not_judge_one_another():
    names = ["Alexandria", "Cairo", "Alexandria", "Shreveport"]
    found = geo.geocode(names, context=["Egypt", "Egypt", "Louisiana", "Louisiana"])
    assert found["country"].tolist() == ["EG", "EG", "US", "US"]


def test_reasons_are_words_a_person_can_read(finder):
    place = finder.place("Kraskino", context="From Yanji to Kraskino, as Moscow said")
    assert place.reasons[0].endswith("km from Yanji")
    assert place.reasons[1] == "same country as Moscow"
    assert "45 km from Vladivostok" in finder.place("Dunay", context="From Najin to Dunay, near Vladivostok").reasons
    assert "lies in the place stated after it" in finder.place("Paris", context="Paris, Texas").reasons


@pytest.mark.parametrize(
    ("name", "mode", "kind"),
    [("Najin", "sea", "port"), ("Vostochny", "sea", "port"), ("Khasan", "rail", "station"), ("Najin", "road", "city")],
)
def test_a_leg_ends_where_its_mode_can_end(finder, name, mode, kind):
    assert finder.place(name, mode=mode).kind == kind


def test_one_table_is_one_scene(finder):
    asked = [PlaceQuery(name) for name in ("Kaesong", "Pyongyang", "Wonsan", "Sariwon")]
    assert {place.country for place in finder.places(asked)} == {"KP"}
    odd = finder.places([PlaceQuery("95 N 10 E"), PlaceQuery("Seoul", country="Narnia"), PlaceQuery("Nowhereville")])
    assert isinstance(odd[0], CoordinateError)
    assert isinstance(odd[1], CountryError)
    assert odd[2] is None


# How sure


def test_confidence_is_a_share_and_doubt_is_flagged():
    found = geo.geocode([*some_names(2000), "Springfield", "San Juan", "Seoul", "Vladivostok"])
    assert found["confidence"].between(0, 1).all()
    assert (found["doubtful"] == (found["confidence"] < 0.5)).all()
    assert found.tail(4)["doubtful"].tolist() == [True, True, False, False]


def test_the_scale_of_confidence_rises():
    with (PLACES / "weights.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    for model in ("alone confidence", "scene confidence"):
        steps = [(float(row["measure"]), float(row["weight"])) for row in rows if row["model"] == model]
        assert len(steps) >= 5
        assert steps == sorted(steps)
        assert [share for _, share in steps] == sorted(share for _, share in steps)


# Other words for places


@pytest.mark.parametrize(
    ("written", "country", "kind", "match"),
    [
        ("Russian", "RU", "country", "demonym"),
        ("North Koreans", "KP", "country", "demonym"),
        ("German", "DE", "country", "demonym"),
        ("Iowans", "US", "province", "demonym"),
        ("Londoners", "GB", "city", "demonym"),
        ("European", "", "continent", "demonym"),
        ("Calif.", "US", "province", "abbreviation"),
        ("W.Va.", "US", "province", "abbreviation"),
        ("N.S.W.", "AU", "province", "code"),
        ("Ont.", "CA", "province", "abbreviation"),
        ("U.S.", "US", "country", "code"),
        ("DPRK", "KP", "country", "code"),
        ("ROK", "KR", "country", "code"),
        ("PRC", "CN", "country", "code"),
    ],
)
def test_demonyms_and_abbreviations_are_known_and_marked(finder, written, country, kind, match):
    place = finder.place(written)
    assert (place.country, place.kind, place.match) == (country, kind, match)


@pytest.mark.parametrize("word", ["us", "polish", "turkey's", "ill.", "miss.", "ore.", "mass."])
def test_words_in_small_letters_are_no_abbreviations_and_no_demonyms(finder, word):
    place = finder.place(word)
    assert place is None or place.match not in ("demonym", "abbreviation", "code")


@pytest.mark.parametrize(
    ("written", "lon", "lat"),
    [
        ("Vladivostock", 131.9, 43.1),
        ("Pyonyang", 125.75, 39.0),
        ("Khabarvosk", 135.1, 48.5),
        ("Хабаровкс", 135.1, 48.5),
        ("Buenos Airez", -58.4, -34.6),
        ("Johanesburg", 28.0, -26.2),
    ],
)
def test_a_slip_is_read_and_said(finder, written, lon, lat):
    place = finder.place(written)
    assert distance_km(place.lonlat, (lon, lat)) < 30
    assert place.match == "misspelling"
    assert place.doubtful
    assert any("slip" in reason for reason in place.reasons)


def test_one_slip_in_a_large_towns_name_is_nearly_always_mended(finder):
    gazetteer, dice = default_gazetteer(), random.Random(5)
    large = np.flatnonzero((gazetteer.population > 700_000) & gazetteer.kind.are(np.s_[:], ["city"]))
    names = [entry.name for row in large[:400] if len((entry := gazetteer.entry(int(row))).name) >= 7]
    mended = 0
    for name in names[:120]:
        at = dice.randrange(1, len(name) - 1)
        slip = name[:at] + dice.choice(string.ascii_lowercase) + name[at + 1 :]
        place, right = finder.place(slip), finder.place(name)
        mended += place is not None and distance_km(place.lonlat, right.lonlat) < 161
    assert mended / 120 > 0.85


@pytest.mark.parametrize(
    ("written", "within"),
    [("Manila Cathedral", "Manila"), ("Busan police", "Busan"), ("Port of Gothamville", None), ("Hotel Moscow", None)],
)
def test_a_part_of_a_name_is_read_where_the_rest_says_what_it_is(finder, written, within):
    place = finder.place(written)
    if within is None:
        assert place is None
        return
    assert place.name == within
    assert place.match == "part"
    assert place.confidence < finder.place(within).confidence
    assert place.radius_km > finder.place(within).radius_km


@pytest.mark.parametrize(
    ("name", "near", "country"),
    [
        ("Paris", "Dallas", "US"),
        ("London", "Toronto", "CA"),
        ("Birmingham", "Atlanta", "US"),
        ("Paris", "Berlin", "FR"),
        ("Naples", "Miami", "US"),
        ("Naples", "Rome", "IT"),
        ("Moscow", "Kyiv", "RU"),
    ],
)
def test_a_namesake_in_the_region_goes_before_one_far_away(finder, name, near, country):
    assert finder.place(name, near=finder.place(near).lonlat).country == country


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("das Rote Meer", "Red Sea"),
        ("el mar Negro", "Black Sea"),
        ("la Méditerranée", "Mediterranean Sea"),
        ("les Comores", "Comoros"),
        ("el Xyzzy", None),
    ],
)
def test_an_article_of_another_language_is_no_part_of_a_name(finder, written, name):
    place = finder.place(written)
    assert (place and place.name) == name


def test_an_article_that_is_a_part_of_a_name_stays(finder):
    assert [finder.place(name).name for name in ("El Paso", "la paz", "Le Havre")] == ["El Paso", "La Paz", "Le Havre"]


# Coverage


@pytest.mark.parametrize(
    ("kinds", "least"),
    [
        (["port"], 3000),
        (["province"], 3500),
        (["district"], 40_000),
        (["river"], 450),
        (["mountain", "mountain range", "volcano", "peninsula", "valley"], 500),
        (["island"], 450),
        (["airport", "air base"], 500),
        (["university", "park", "museum", "prison", "military site", "refugee camp", "neighbourhood"], 1000),
    ],
)
def test_what_reports_name_is_there(kinds, least):
    gazetteer = default_gazetteer()
    assert gazetteer.kind.are(np.s_[:], kinds).sum() >= least


def test_seas_have_outlines():
    features = json.loads((PLACES / "seas.geojson").read_text(encoding="utf-8"))["features"]
    assert len(features) >= 150
    assert all(feature["geometry"]["type"] in ("Polygon", "MultiPolygon") for feature in features)


# What the user corrected


def test_a_correction_wins_everywhere(tmp_path, finder):
    there = finder.candidates("Springfield")[1]
    corrections = Corrections.open(tmp_path).add("Springfield", there).add("Seoul", None)
    own = PlaceFinder(corrections=corrections)
    assert own.place("SPRINGFIELD").place_id == there.place_id
    assert own.place("Springfield").confidence == 1
    assert own.place("Seoul") is None
    assert [place and place.place_id for place in own.places([PlaceQuery("Springfield"), PlaceQuery("Seoul")])] == [
        there.place_id,
        None,
    ]
    found = geo.geocode(["Springfield", "Seoul", "Najin"], finder=own)
    assert found["match"].tolist()[0] == "correction"
    assert found.geometry.notna().tolist() == [True, False, True]
    assert found["place_id"].tolist()[0] == there.place_id


def dossier(folder, header, row):
    folder.joinpath("events.csv").write_text(f"{header}\n{row}\n", encoding="utf-8")
    return folder


def test_a_dossier_takes_its_corrections_and_its_country_column(tmp_path, finder):
    dossier(tmp_path, "id,title,date,place,country", "a,A,2024,London,Canada")
    assert geo.Atlas.open(tmp_path).events.geometry[0].x == pytest.approx(-81.2, abs=0.2)
    Corrections.open(tmp_path).add("London", finder.place("Seoul"))
    assert geo.Atlas.open(tmp_path).events.geometry[0].x == pytest.approx(126.98, abs=0.1)


def test_an_unknown_country_is_said_and_the_place_found_without_it(tmp_path):
    atlas = geo.Atlas.open(dossier(tmp_path, "id,title,date,place,country", "a,A,2024,Seoul,Narnia"))
    assert atlas.events.geometry.notna().all()
    assert any("Narnia" in notice.message or notice.value == "Narnia" for notice in atlas.notices)


def test_a_slip_in_a_dossier_is_never_silent(tmp_path):
    atlas = geo.Atlas.open(dossier(tmp_path, "id,title,date,place", "a,A,2024,Vladivostock"))
    assert [notice.message for notice in atlas.notices if notice.column == "place"] == [
        "Doubtful: read as Vladivostok, RU (38% sure)."
    ]


@pytest.fixture
def corrected(tmp_path):
    """`Zorgburg` is a works in Texas, and `Dunay` the one by the Yenisey."""
    works = Place("mine:works", "Zorg works", -95.5, 33.6, "site", "US", nan, 1.0, "Zorg works")
    river = Place("mine:dunay", "Dunay landing", 92.9, 56.0, "site", "RU", 2.0, 1.0, "Dunay landing")
    return PlaceFinder(corrections=Corrections.open(tmp_path).add("Zorgburg", works).add("Dunay", river))


@pytest.mark.parametrize(
    ("written", "lon", "lat"),
    [("near Dunay", 92.9, 56.0), ("Dunay, Russia", 92.9, 56.0), ("port of Zorgburg", -95.5, 33.6)],
)
def test_a_correction_counts_within_what_is_written_around_it(corrected, written, lon, lat):
    place = corrected.place(written)
    assert place.lonlat == pytest.approx((lon, lat), abs=0.01)
    assert geo.geocode([written], finder=corrected).geometry[0].x == pytest.approx(lon, abs=0.01)


def test_where_a_corrected_name_holds_another_that_one_is_found_there(corrected, finder):
    assert corrected.place("Paris, Zorgburg").lonlat == pytest.approx((-95.55, 33.66), abs=0.1)
    assert finder.place("Paris, Zorgburg") is None


def test_what_is_no_place_is_none_within_a_longer_name(tmp_path):
    own = PlaceFinder(corrections=Corrections.open(tmp_path).add("Seoul", None))
    assert own.place("near Seoul") is None


def test_a_corrected_place_draws_its_neighbours(corrected, finder):
    asked = [PlaceQuery("Zorgburg"), PlaceQuery("Paris")]
    _, paris = corrected.places(asked)
    assert paris.lonlat == pytest.approx((-95.55, 33.66), abs=0.1)
    assert any("Zorg works" in reason for reason in paris.reasons)
    assert finder.places(asked)[1].country == "FR"
    text = "The Commerce depot sends its wire to Zorgburg."
    assert corrected.place("Commerce", context=text).lonlat == pytest.approx((-95.9, 33.25), abs=0.1)
    assert finder.place("Commerce", context=text).lonlat != pytest.approx((-95.9, 33.25), abs=0.1)


def test_the_other_meanings_of_a_corrected_name_are_still_listed(corrected, finder):
    first, *others = corrected.candidates("Dunay")
    assert first.place_id == "mine:dunay"
    assert [place.place_id for place in others] == [place.place_id for place in finder.candidates("Dunay")][:10]


@pytest.mark.parametrize(("written", "usual"), [("Google", "Topeka"), ("Big Apple", "New York"), ("Lutetia", "Paris")])
def test_another_name_that_is_like_none_of_the_towns_own_is_doubtful(finder, written, usual):
    place = finder.place(written)
    assert place.name == usual
    assert place.doubtful
    assert f"also a name of {usual}" in place.reasons


def test_what_is_so_named_stands_before_what_is_so_translated(finder):
    assert finder.place("White House").kind == "government seat"


@pytest.mark.parametrize("written", ["Bombay", "Danzig", "Saigon", "Mukden", "Stalingrad", "Pekin"])
def test_former_and_foreign_names_are_not_doubtful(finder, written):
    assert not finder.place(written).doubtful


@pytest.mark.parametrize(("name", "country"), [("Doha", "QA"), ("Manama", "BH"), ("Valencia", "ES")])
def test_the_only_name_of_a_text_is_judged_as_it_is_alone(name, country):
    (place,) = default_finder().in_texts([name], [f"The summit was held in {name} on Monday."])
    assert place.country == country
    assert geo.geocode([name], context=f"They met in {name}.")["country"].tolist() == [country]


def test_one_name_alone_is_one_row_and_a_table_is_refused():
    assert geo.geocode("Busan")["place"].tolist() == ["Busan"]
    with pytest.raises(FilterError, match="Give one of its columns"):
        geo.geocode(pd.DataFrame({"name": ["Busan"]}))
    with pytest.raises(FilterError, match=r"as \(longitude, latitude\)"):
        geo.geocode(["Paris"], near="Dallas")
