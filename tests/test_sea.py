"""Sea legs: known distances, water all the way, 180 degrees, passages closed and allowed, ends where asked."""

from __future__ import annotations

import csv
import json
import re
from datetime import datetime
from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

import geo
from geo import geodesy
from geo.cli import main
from geo.config import DATA, SEA
from geo.errors import CoordinateError, DateError, NoRouteError, OptionError, PlaceError
from geo.routing import harbour, leg, sea_routes
from geo.routing.chart import DEGREE_STEP, chart, closed_by_default, passages
from geo.routing.grid import HEIGHT, WIDTH, plane, tiled
from geo.routing.joins import joins
from geo.routing.sight import hindrance_km
from geo.routing.view import View
from geo.types import Place

PORTS = {
    "Najin": (130.292, 42.233),
    "Dunay": (132.335, 42.879),
    "Vladivostok": (131.887, 43.111),
    "Vostochny": (133.04, 42.74),
    "Chongjin": (129.823, 41.766),
    "Busan": (129.045, 35.1),
    "Wakkanai": (141.69, 45.41),
    "Korsakov": (142.79, 46.62),
    "Petropavlovsk": (158.65, 53.02),
    "Anchorage": (-149.9, 61.22),
    "western Bering Sea": (174.83, 57.52),
    "Odesa": (30.74, 46.5),
    "Alexandria": (29.87, 31.18),
    "Rotterdam": (4.44, 51.9),
    "Shanghai": (121.5, 31.39),
    "St Petersburg": (30.21, 59.95),
    "Hamburg": (9.97, 53.54),
    "New York": (-74.04, 40.66),
    "Valparaiso": (-71.62, -33.03),
    "Cape Town": (18.43, -33.9),
    "Sydney": (151.21, -33.85),
    "Singapore": (103.84, 1.24),
    "Baku": (49.9, 40.37),
}
NMI = 1.852


def sail(start, end, **options):
    return leg(PORTS[start], PORTS[end], mode="sea", **options)


def parts(line):
    return list(getattr(line, "geoms", [line]))


# Nautical miles: four that the router is expected to give, and a round figure for a long way.
@pytest.mark.parametrize(
    ("start", "end", "nmi", "share"),
    [
        ("Najin", "Dunay", 109, 0.02),
        ("Najin", "Vladivostok", 99, 0.02),
        ("Vladivostok", "Busan", 513, 0.02),
        ("Wakkanai", "Korsakov", 86.9, 0.02),
        ("Rotterdam", "Shanghai", 10450, 0.03),
    ],
)
def test_known_distances(start, end, nmi, share):
    assert sail(start, end).length_nmi == pytest.approx(nmi, rel=share)


@pytest.mark.parametrize(
    ("start", "end", "used"),
    [
        ("Odesa", "Alexandria", ["Bosporus", "Dardanelles"]),
        ("Rotterdam", "Shanghai", ["Dover", "Gibraltar", "Suez", "Bab el-Mandeb", "Malacca", "Singapore", "Taiwan"]),
        ("New York", "Valparaiso", ["Panama"]),
        ("Wakkanai", "Korsakov", ["La Perouse"]),
        ("Singapore", "Alexandria", ["Malacca", "Bab el-Mandeb", "Suez"]),
    ],
)
def test_passages_are_named_in_their_order(start, end, used):
    rest = iter(sail(start, end).passages)
    assert all(name in rest for name in used)
    assert sail(end, start).passages == sail(start, end).passages[::-1]


@pytest.mark.parametrize("name", passages())
def test_a_line_across_a_gate_names_the_passage(name):
    passage = passages()[name]
    a, b = passage.gate[len(passage.gate) // 2 - 1 :][:2]
    azimuth, _, metres = geodesy.wgs84().inv(*a, *b)
    middle = geodesy.wgs84().fwd(*a, azimuth, min(metres / 2, 300_000))[:2]
    start, end = (geodesy.wgs84().fwd(*middle, azimuth + side, 20_000)[:2] for side in (-90, 90))
    allow = {name} if passage.closed else set()
    assert name in leg(start, end, mode="sea", allow=allow).passages
    try:
        assert name not in leg(start, end, mode="sea", avoid=set() if passage.closed else {name}).passages
    except NoRouteError as error:  # there is no way round: the message says what would open one
        assert re.search(f"would open with .*{name}", str(error))


def test_a_long_passage_gives_headlands_a_wider_berth_than_a_short_one():
    agulhas = (20.0, -34.83)

    def berth_km(start, end):
        line = shapely.segmentize(leg(start, end, mode="sea").line, 0.02)
        return min(geodesy.distance_km(agulhas, tuple(xy)) for xy in shapely.get_coordinates(line))

    long, short = berth_km((18.0, -34.6), (31.2, -30.0)), berth_km((19.3, -34.75), (20.7, -34.65))
    assert long > 14
    assert 5 < short < 10


def test_round_the_cape_when_suez_is_closed():
    by_suez, by_cape = sail("Rotterdam", "Shanghai"), sail("Rotterdam", "Shanghai", avoid={"Suez", "Panama"})
    assert "Good Hope" in by_cape.passages
    assert not {"Suez", "Panama"} & set(by_cape.passages)
    assert by_cape.length_km > 1.2 * by_suez.length_km
    assert sail("Rotterdam", "Shanghai") == by_suez  # nothing is remembered of what was avoided


def test_kiel_and_the_arctic_only_when_allowed():
    round_skaw = sail("St Petersburg", "Hamburg")
    assert "Kiel" not in round_skaw.passages
    by_kiel = sail("St Petersburg", "Hamburg", allow={"Kiel"})
    assert "Kiel" in by_kiel.passages
    assert by_kiel.length_km < round_skaw.length_km - 300
    by_north = sail("Rotterdam", "Vladivostok", allow=["northern sea route"])
    assert {"Northern Sea Route", "Bering Strait"} <= set(by_north.passages)
    assert not {"Northern Sea Route", "Northwest Passage"} & set(sail("Rotterdam", "Vladivostok").passages)


def test_unknown_passages_list_the_known():
    with pytest.raises(OptionError, match=r"'Sues'.*Suez, Panama"):
        sail("Rotterdam", "Shanghai", avoid=["Sues"])
    with pytest.raises(OptionError, match="both avoided and allowed"):
        sail("Rotterdam", "Shanghai", avoid=["Kiel"], allow=["Kiel"])


def test_what_is_shut_in_says_what_would_open_it():
    with pytest.raises(NoRouteError, match=r"^No way by sea from .*E\. It would open with Bosporus:"):
        sail("Odesa", "Alexandria", avoid={"Bosporus"})
    with pytest.raises(NoRouteError, match=r"would open with Bosporus and Dardanelles:"):
        sail("Odesa", "Alexandria", avoid={"Bosporus", "Dardanelles", "Suez"})
    with pytest.raises(NoRouteError, match=r"inland sea or a lake"):
        sail("Baku", "Alexandria")


@pytest.mark.parametrize(
    ("start", "end"), [("Petropavlovsk", "Anchorage"), ("Anchorage", "Petropavlovsk"), ("Busan", "western Bering Sea")]
)
def test_across_180(start, end):
    route = sail(start, end)
    xy = shapely.get_coordinates(route.line)
    assert (np.abs(xy) <= [180, 90]).all()
    assert all((np.abs(np.diff(np.asarray(part.coords)[:, 0])) < 180).all() for part in parts(route.line))
    assert (len(parts(route.line)) == 2) == (end != "western Bering Sea")
    assert xy[0] == pytest.approx(PORTS[start])
    assert xy[-1] == pytest.approx(PORTS[end])


def test_there_and_back_are_one_way():
    for a, b in pairwise(PORTS):
        if "Baku" in (a, b):
            continue
        there, back = sail(a, b), sail(b, a)
        assert there.length_km == pytest.approx(back.length_km, rel=1e-9)
        assert there.passages == back.passages[::-1]


def test_by_a_stop():
    by = sail("Rotterdam", "New York", via=[Place("test:lisbon", "Lisbon", -9.2, 38.68, "port", "PT", 1.0, 1.0, "")])
    assert by.via == ("Lisbon",)
    assert by.length_km > sail("Rotterdam", "New York").length_km + 300


def test_two_ends_in_one_bay_and_a_port_to_itself():
    across = leg((131.887, 43.111), (131.80, 43.19), mode="sea")
    straight = geodesy.distance_km((131.887, 43.111), (131.80, 43.19))
    assert straight <= across.length_km < 4 * straight + 10
    with pytest.raises(NoRouteError, match="same place"):
        sail("Busan", "Busan")


def test_inland_ends_state_their_gap():
    seoul = leg((126.98, 37.57), PORTS["Busan"], mode="sea")
    assert 10 < seoul.gaps_km[0] < 60
    assert seoul.gaps_km[1] == 0
    first = shapely.get_coordinates(seoul.line)[0]
    assert geodesy.distance_km((126.98, 37.57), tuple(first)) == pytest.approx(seoul.gaps_km[0], rel=0.02)
    with pytest.raises(NoRouteError, match="No water that ships can use"):
        leg((82.9, 55.0), PORTS["Busan"], mode="sea")


def test_two_ends_at_the_same_water():
    with pytest.raises(NoRouteError, match="same nearest water"):
        leg((126.9, 37.45), (126.9001, 37.45), mode="sea")


@pytest.mark.parametrize("pole", [90.0, -90.0])
def test_the_poles_answer_or_say_why_not(pole):
    try:
        assert leg((0.0, pole), PORTS["Busan"], mode="sea").length_km > 3000
    except NoRouteError as error:
        assert str(error)


def test_routes_stay_on_water():
    names = [name for name in PORTS if name != "Baku"]
    ends = [(PORTS[a], PORTS[b]) for a in names[::4] for b in names[1::4]]
    for pair, route in zip(ends, sea_routes(ends, progress=False), strict=True):
        assert route is not None
        ashore_km = sum(
            hindrance_km(a, b)[0]
            for part in parts(route.line)
            for a, b in pairwise(part.coords)
            if all(geodesy.distance_km(end, point) > 30 for end in pair for point in (a, b))
        )
        assert ashore_km < 2, pair


longitudes = st.floats(-180, 180).map(lambda lon: round(lon, 2))
latitudes = st.floats(-55, 70).map(lambda lat: round(lat, 2))


@settings(max_examples=40, deadline=None)
@given(longitudes, latitudes, longitudes, latitudes)
def test_any_two_points(lon1, lat1, lon2, lat2):
    a, b = (lon1, lat1), (lon2, lat2)
    try:
        route = leg(a, b, mode="sea")
    except NoRouteError:
        return
    xy = shapely.get_coordinates(route.line)
    for asked, found, gap_km in ((a, xy[0], route.gaps_km[0]), (b, xy[-1], route.gaps_km[1])):
        assert geodesy.distance_km(asked, tuple(found)) == pytest.approx(gap_km, abs=0.01 * gap_km + 0.01)
    assert route.length_km >= geodesy.distance_km(tuple(xy[0]), tuple(xy[-1])) - 0.001
    steps = [geodesy.distance_km(p, q) for part in parts(route.line) for p, q in pairwise(part.coords)]
    assert max(steps, default=0) < 60.5
    assert leg(a, b, mode="sea") == route
    assert leg(b, a, mode="sea").length_km == pytest.approx(route.length_km, rel=1e-9)


def test_many_at_once_are_what_one_by_one_gives():
    names = list(PORTS)[:8]
    pairs = [(PORTS[a], PORTS[b]) for a in names for b in names]
    for (a, b), route in zip(pairs, sea_routes(pairs, progress=False), strict=True):
        if a == b:
            assert route is None
        else:
            one = leg(a, b, mode="sea")
            assert route.length_km == pytest.approx(one.length_km, rel=1e-6)
            assert route.passages == one.passages


def test_names_speed_and_departure():
    route = geo.route("Najin", "Dunay", speed_kn=10, depart="2023-09-08")
    assert route.basis == "inferred"
    assert route.length_nmi == pytest.approx(109, rel=0.05)
    assert route.duration.total_seconds() == pytest.approx(route.length_nmi / 10 * 3600, abs=1)
    assert str(route.arrive.date()) == "2023-09-08"
    with pytest.raises(PlaceError, match="'Qwxyzzqq'"):
        geo.route("Najin", "Qwxyzzqq")
    with pytest.raises(OptionError, match="knots"):
        geo.route("Najin", "Dunay", speed_kn=0)
    with pytest.raises(NoRouteError, match=r"no port.*nearest port known is"):
        geo.route("Beijing", "Busan")
    with pytest.raises(CoordinateError):
        geo.route((190.0, 0.0), "Busan")
    assert geo.routes([("Najin", "Dunay"), ("Najin", "Najin")], progress=False)[1] is None


@pytest.mark.parametrize(
    ("options", "error", "said"),
    [
        ({"origin": ("129", "35")}, CoordinateError, "is no point"),
        ({"origin": (129.0, 35.0, 0.0)}, CoordinateError, "is no point"),
        ({"origin": None}, CoordinateError, "None is no point"),
        ({"origin": (float("nan"), 35.0)}, CoordinateError, "Longitude"),
        ({"via": (129.3, 34.5)}, CoordinateError, "129.3 is no point"),
        ({"via": None}, OptionError, "neither a name nor a list"),
        ({"avoid": 5}, OptionError, "neither a name nor a list"),
        ({"speed_kn": "12"}, OptionError, "knots"),
        ({"speed_kn": float("nan")}, OptionError, "knots"),
        ({"depart": datetime(2024, 3, 1, 10, 30)}, DateError, "no time zone"),
        ({"depart": 5}, DateError, "not a date"),
        ({"mode": "air", "avoid": "Suez"}, OptionError, "A leg by air uses no straits or canals. Leave out Suez"),
    ],
)
def test_bad_input_is_told_in_a_sentence(options, error, said):
    with pytest.raises(error, match=said):
        geo.route(**{"origin": (129.0, 35.0), "destination": (129.5, 34.0), **options})


def test_a_known_port_joins_as_if_it_were_searched_for(monkeypatch):
    known = list(joins().port)[::400]
    pairs = list(pairwise((lon * DEGREE_STEP, lat * DEGREE_STEP) for lon, lat in known))
    for avoid in (frozenset(), frozenset({"Suez", "Dover"})):
        read = sea_routes(pairs, avoid=avoid, progress=False)
        with monkeypatch.context() as patched:
            patched.setattr("geo.routing.joins.port_key", lambda point: None)
            harbour.read.cache_clear()
            searched = sea_routes(pairs, avoid=avoid, progress=False)
        harbour.read.cache_clear()
        for a, b in zip(read, searched, strict=True):
            assert (a is None) == (b is None)
            if a:
                assert a.length_km == pytest.approx(b.length_km, rel=2e-3)
                assert a.gaps_km == pytest.approx(b.gaps_km, abs=0.01)
                assert a.passages == b.passages


def test_flags_and_bounds_lose_no_way(monkeypatch):
    known = [(lon * DEGREE_STEP, lat * DEGREE_STEP) for lon, lat in list(joins().port)[7::500]]
    ends = [*known, (-35.0, 20.0), (165.0, -30.0), (62.3, 12.1)]
    cases = ({}, {"avoid": {"Suez"}}, {"avoid": {"Malacca", "Panama"}})

    def lengths():
        found = []
        for options in cases:
            for a, b in pairwise(ends):
                try:
                    found.append(leg(a, b, mode="sea", **options).length_km)
                except NoRouteError:
                    found.append(None)
        return found

    quick = lengths()
    monkeypatch.setattr("geo.routing.sea.flagged_way", lambda *_: None)
    plain = lengths()
    assert sum(km is not None for km in plain) > len(plain) / 2
    assert quick == [km if km is None else pytest.approx(km, rel=1e-9) for km in plain]


def test_what_is_seen_is_the_same_in_any_order():
    closed = closed_by_default()
    once = View((-35.0, 20.0), closed)
    likely = once.likely()
    every = once.clear(likely)
    assert 100 < every.sum() < len(every)
    bit_by_bit = View((-35.0, 20.0), closed)
    for asked in np.array_split(np.random.default_rng(2).permutation(len(chart().lon)), 7):
        asked = np.sort(asked)
        some = bit_by_bit.likely(asked)
        seen = some[bit_by_bit.clear(some)]
        assert seen.tolist() == np.intersect1d(likely[every], asked).tolist()


def test_planes_survive_the_file():
    cells = np.random.default_rng(1).random((HEIGHT, WIDTH)) < 0.5
    cells[:320, :640], cells[640:960, :640] = True, False
    kept = plane(*tiled(cells))
    rows, columns = np.mgrid[0:HEIGHT:7, 0:WIDTH:11]
    assert (kept.at(rows, columns) == cells[::7, ::11]).all()
    assert kept.at(HEIGHT - 1, WIDTH - 1) == cells[-1, -1]


def test_the_files_are_whole():
    assert sum(path.stat().st_size for path in SEA.iterdir() if path.is_file()) < 6_000_000
    with (DATA / "sea" / "channels.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len({row["channel"] for row in rows}) == len(rows)
    assert {row["kind"] for row in rows} == {"canal", "river", "strait"}
    for row in rows:
        points = [tuple(map(float, pair.split())) for pair in row["points"].split(";")]
        assert all(geodesy.distance_km(a, b) < 400 for a, b in pairwise(points)), row["channel"]
    sea = chart()
    unused = {name for name in passages() if not len(sea.gates[name])}
    assert unused <= {"Palk Strait", "Little Belt"}, "no line crosses these gates"
    assert np.isfinite(sea.km).all()


def test_the_verb_route(capsys):
    assert main(["route", "42.233,130.292", "42.879,132.335", "--json"]) == 0
    feature = json.loads(capsys.readouterr().out)
    assert feature["properties"]["basis"] == "inferred"
    assert feature["properties"]["length_nmi"] == pytest.approx(109, rel=0.02)
    assert feature["geometry"]["type"] == "LineString"
    assert main(["route", "Najin", "Dunay", "--avoid", "Sues"]) == 2
    assert "No passage is called 'Sues'" in capsys.readouterr().err
    told = []
    for avoided in (["--avoid", "Suez, Panama"], ["--avoid", "Suez", "--avoid", "Panama"]):
        assert main(["route", "Rotterdam", "Shanghai", *avoided]) == 0
        told.append(capsys.readouterr().out)
    assert told[0] == told[1]
    assert "Good Hope" in told[0]
