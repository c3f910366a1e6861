"""Shipments that change their mode on the way."""

import json
from itertools import pairwise, permutations

import numpy as np
import pytest
import shapely

import geo
from geo import geodesy
from geo.cli import main
from geo.errors import NoRouteError, OptionError, PlaceError
from geo.planning.transfers import Fares, cheapest


def told(legs):
    return [(leg.mode, leg.origin, leg.destination) for leg in legs]


def test_by_rail_where_rails_lead_all_the_way():
    assert told(geo.plan("Pyongyang", "Novosibirsk")) == [("rail", "Pyongyang", "Novosibirsk")]


def test_by_sea_between_ports():
    assert [leg.mode for leg in geo.plan("Rotterdam", "Shanghai")] == ["sea"]


def test_by_rail_to_a_port_and_on_by_sea():
    legs = geo.plan("Moscow", "Busan", modes=["rail", "sea"])
    assert [leg.mode for leg in legs] == ["rail", "sea"]
    assert legs[0].destination == legs[1].origin
    assert "Vladivostok" in legs[0].destination
    assert legs == geo.plan("Moscow", "Busan", modes=["rail", "sea"])
    back = geo.plan("Busan", "Moscow", modes=["sea", "rail"])
    assert told(back) == [(mode, end, start) for mode, start, end in told(legs)[::-1]]


def test_legs_begin_where_the_last_one_ended():
    legs = geo.plan("Seoul", "Ulaanbaatar", via=["Vladivostok"])
    assert {"rail", "sea"} == {leg.mode for leg in legs}
    for one, next_ in pairwise(legs):
        assert one.destination == next_.origin
        here, there = shapely.get_coordinates(one.route.line)[-1], shapely.get_coordinates(next_.route.line)[0]
        assert geodesy.distance_km(tuple(here), tuple(there)) < 40
    assert any("Vladivostok" in leg.destination for leg in legs)


def test_what_is_dear_is_left_alone():
    direct = geo.plan("St. Petersburg", "Vladivostok", modes=["sea", "rail"])
    assert [leg.mode for leg in direct] == ["rail"]
    by_sea = geo.plan("St. Petersburg", "Vladivostok", modes=["sea", "rail"], costs={"sea": 1.0, "rail": 50.0})
    assert [leg.mode for leg in by_sea] == ["sea"]


def test_by_road_to_the_sea():
    legs = geo.plan("Paris", "New York", modes=["sea", "road"])
    assert [leg.mode for leg in legs] == ["road", "sea"]
    assert legs[0].route.length_km < 250


def test_along_tracks_the_user_gives():
    tracks = {"type": "LineString", "coordinates": [[2.35, 48.85], [1.1, 49.44], [0.12, 49.49]]}
    legs = geo.plan("Paris", "New York", modes=["sea", "rail"], network=tracks)
    assert [leg.mode for leg in legs] == ["rail", "sea"]
    line = shapely.LineString(tracks["coordinates"])
    assert (
        shapely.hausdorff_distance(legs[0].route.line, shapely.intersection(line, legs[0].route.line.buffer(1e-3)))
        < 0.01
    )
    assert legs[0].route.length_km > 80


def test_by_land_and_by_sea_in_turn_as_often_as_it_takes():
    tracks = {
        "type": "MultiLineString",
        "coordinates": [
            [[69.2, 41.3], [64.4, 39.8], [58.4, 37.9], [53.0, 40.0]],
            [[49.9, 40.4], [44.8, 41.7], [41.7, 42.1]],
        ],
    }
    legs = geo.plan("Tashkent", "Sofia", modes=["rail", "sea", "road"], network=tracks)
    assert [leg.mode for leg in legs] == ["rail", "sea", "rail", "sea", "road"]
    assert all(one.destination == next_.origin for one, next_ in pairwise(legs))
    assert "Baku" in legs[1].destination
    assert "Bosporus" in legs[3].route.passages
    back = geo.plan("Sofia", "Tashkent", modes=["road", "rail", "sea"], network=tracks)
    assert told(back) == [(mode, end, start) for mode, start, end in told(legs)[::-1]]


def test_no_other_chain_of_ports_is_cheaper():
    places = np.arange(6)
    rng = np.random.default_rng(7)
    for _ in range(30):
        xy = rng.uniform(0, 1000, (6, 2))
        least = np.hypot(*(xy[:, None] - xy).T)
        np.fill_diagonal(least, np.inf)
        least[0, 1] = least[1, 0] = np.inf
        land, sea = (least * factor for factor in (2.0, 1.0))
        real = {"land": _longer(land, rng), "sea": _longer(sea, rng)}
        journey = cheapest(
            Fares(land, lambda place, real=real: real["land"][place]),
            Fares(sea, lambda place, real=real: real["sea"][place]),
            transfer=100.0,
            most=np.inf,
        )
        cost = sum(real[how][a, b] for how, a, b in journey) + 100.0 * (len(journey) - 1)
        every = (
            sum(real[how][a, b] for how, (a, b) in zip(hows, pairwise([0, *calls, 1]), strict=True)) + 100.0 * count
            for count in (1, 2, 3, 4)
            for calls in permutations(places[2:], count)
            for hows in ((["land", "sea"] * 3)[: count + 1], (["sea", "land"] * 3)[: count + 1])
        )
        assert cost == pytest.approx(min(every), abs=1e-6)


def _longer(least, rng):
    factor = rng.uniform(1.0, 1.6, least.shape)
    return least * np.maximum(factor, factor.T)


def test_no_plan_says_why():
    with pytest.raises(NoRouteError, match=r"No way from Moscow to .*By rail: .*do not meet"):
        geo.plan("Moscow", "Busan", modes=["rail"])
    with pytest.raises(OptionError, match="are not some of: sea, rail, road, air"):
        geo.plan("Moscow", "Busan", modes=["rail", "boat"])
    with pytest.raises(OptionError, match="cost above 0"):
        geo.plan("Moscow", "Busan", costs={"sea": 1.0})
    with pytest.raises(OptionError, match="transfer"):
        geo.plan("Moscow", "Busan", transfer_km=-1)
    with pytest.raises(PlaceError):
        geo.plan("Qwxyzzqq", "Busan")


def test_the_verb_route_with_several_modes(capsys):
    assert main(["route", "Moscow", "Busan", "--modes", "rail,sea", "--json"]) == 0
    features = json.loads(capsys.readouterr().out)["features"]
    assert [feature["properties"]["mode"] for feature in features] == ["rail", "sea"]
    assert main(["route", "Rajin", "Khasan", "--mode", "rail"]) == 0
    assert "border Tumangang (KP) to Khasan (RU), gauge 1435 to 1520 mm" in capsys.readouterr().out
    assert main(["route", "Moscow", "Busan", "--modes", "rail,sea", "--speed", "10"]) == 2
    assert "no one speed" in capsys.readouterr().err
    assert main(["route", "Moscow", "Minsk", "--mode", "rail", "--network", "nowhere.geojson"]) == 2
    assert "no file nowhere.geojson" in capsys.readouterr().err
