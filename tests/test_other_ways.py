"""Other ways by sea: by the other strait, each once, the shortest first."""

from __future__ import annotations

import json

import pytest

from geo import NoRouteError, OptionError, alternatives, route
from geo.cli import main

ROTTERDAM, SHANGHAI = (4.0, 52.0), (121.9, 31.0)
ODESA, PIRAEUS = (30.75, 46.5), (23.6, 37.93)


def test_each_way_is_another_and_the_shortest_comes_first():
    best = route(ROTTERDAM, SHANGHAI)
    others = alternatives(ROTTERDAM, SHANGHAI, n=20)
    lengths = [best.length_km, *(other.length_km for other in others)]
    assert lengths == sorted(lengths)
    used = [best.passages, *(other.passages for other in others)]
    assert len(set(used)) == len(used)
    assert any("Panama" in passages for passages in used)
    assert any("Good Hope" in passages for passages in used)
    assert any("Malacca" not in passages and "Suez" in passages for passages in used)
    assert [other.line for other in alternatives(ROTTERDAM, SHANGHAI, n=2)] == [other.line for other in others[:2]]


def test_what_has_no_way_round_is_left_out():
    assert route(ODESA, PIRAEUS).passages == ("Bosporus", "Dardanelles")
    assert alternatives(ODESA, PIRAEUS) == []


def test_options_hold_for_every_way():
    kiel = route((9.9, 53.5), (18.7, 54.5), allow=["kiel"])
    assert "Kiel" in kiel.passages
    (first, *_) = alternatives((9.9, 53.5), (18.7, 54.5), allow=["kiel"], depart="2024-03-24", speed_kn=12)
    assert "Kiel" not in first.passages
    assert first.arrive > first.depart
    assert all("Oresund" not in other.passages for other in alternatives((9.9, 53.5), (18.7, 54.5), avoid=["Oresund"]))


def test_what_cannot_be_asked():
    with pytest.raises(OptionError, match="Ask for 1 or more"):
        alternatives(ROTTERDAM, SHANGHAI, n=0)
    with pytest.raises(NoRouteError):
        alternatives((51.0, 41.0), SHANGHAI)


def test_the_command_line_lists_them(capsys):
    words = ["route", "35.0,129.2", "46.7,142.7", "--alternatives", "2"]
    assert main([*words, "--json"]) == 0
    features = json.loads(capsys.readouterr().out)["features"]
    assert 2 <= len(features) <= 3
    assert main(words) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(features)
    assert main(["route", "46.5,30.75", "37.93,23.6", "--alternatives", "2"]) == 0
    told = capsys.readouterr()
    assert len(told.out.splitlines()) == 1
    assert "no other way" in told.err
    assert main([*words, "--mode", "rail"]) == 2
    assert "by sea, not by rail" in capsys.readouterr().err


def test_one_name_is_a_list_of_one():
    assert "Malacca" not in route(ROTTERDAM, SHANGHAI, avoid="Malacca").passages
    assert "Kiel" in route((9.9, 53.5), (18.7, 54.5), allow="Kiel").passages
    assert route("Vladivostok", "Niigata", via="Busan").via == ("Port of Busan",)


def test_places_south_of_the_equator_are_no_options(capsys):
    assert main(["route", "-33.9,18.4", "-34.6,-58.37", "--via", "-15.9,-5.8"]) == 0
    assert "nautical miles" in capsys.readouterr().out
