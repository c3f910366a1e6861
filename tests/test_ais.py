"""Positions become observed tracks: parted at gaps and jumps, every position kept, each vertex with its time."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
import shapely

from geo import OptionError, read_import
from geo.geodesy import length_km
from geo.importing import import_sheet, read_sheet, suggest

HEADER = "MMSI,BaseDateTime,LAT,LON,SOG,VesselName\n"


def fix(minutes: float, lon: float, lat: float = 42.0, mmsi: str = "273000001", name: str = "ANGARA") -> str:
    at = pd.Timestamp("2024-03-01") + pd.Timedelta(minutes=minutes)
    return f"{mmsi},{at:%Y-%m-%dT%H:%M:%S},{lat},{lon},10,{name}\n"


@pytest.fixture
def tracks(tmp_path):
    def bring(*rows: str, **options):
        path = tmp_path / "ais.csv"
        path.write_text(HEADER + "".join(rows))
        sheet = read_sheet(path)
        return import_sheet(sheet, suggest(sheet, layer="tracks").mapping, **options)

    return bring


def positions(result) -> int:
    return int(result.routes.get("positions", pd.Series(dtype=int)).sum()) + len(result.events) + len(result.failed)


def test_positions_are_recognised_and_grouped(tmp_path):
    path = tmp_path / "ais.csv"
    rows = [fix(10 * n, 130 + n / 100) for n in range(6)] + [
        fix(10 * n, 131, 43 + n / 100, "273000002", "LADY R") for n in range(6)
    ]
    path.write_text(HEADER + "".join(rows[::-1]))
    result = read_import(path)
    assert result.mapping.layer == "tracks"
    assert list(result.routes["title"]) == ["LADY R", "ANGARA"]
    assert set(result.routes["basis"]) == {"observed track"}
    first = result.routes[result.routes["title"] == "ANGARA"].iloc[0]
    assert (first["mode"], first["shipment"], first["precision"]) == ("sea", "273000001", "exact")
    assert (str(first["depart"]), str(first["arrive"])) == ("2024-03-01 00:00:00+00:00", "2024-03-01 00:50:00+00:00")
    assert list(first.geometry.coords) == [(130 + n / 100, 42.0) for n in range(6)], "sorted, all of them kept"
    assert first["length_km"] == pytest.approx(length_km(first.geometry), abs=0.001)
    assert json.loads(first["times_ms"]) == [600_000 * n for n in range(6)]


def test_a_gap_in_time_parts_a_track(tracks):
    rows = [fix(n, 130 + n / 1000) for n in (0, 10, 20, 400, 410)]
    result = tracks(*rows)
    assert list(result.routes["positions"]) == [3, 2]
    assert list(result.routes["leg"]) == [1, 2]
    assert list(tracks(*rows, gap="5min").routes["id"]) == []
    assert list(tracks(*rows, gap="12h").routes["positions"]) == [5]


def test_a_jump_parts_a_track_and_is_listed(tracks):
    rows = [fix(0, 130), fix(10, 130.01), fix(20, 135), fix(30, 135.01)]
    result = tracks(*rows)
    assert list(result.routes["positions"]) == [2, 2]
    jump = [notice.message for notice in result.notices if "Jump" in notice.message]
    assert len(jump) == 1
    assert "42 N 130.01 E" in jump[0]


def test_a_position_alone_is_kept_as_an_event(tracks):
    result = tracks(fix(0, 130), fix(10, 130.01), fix(1000, 131))
    assert len(result.routes) == 1
    assert list(result.events.geometry.x) == [131.0]
    assert positions(result) == 3


def test_positions_that_say_nothing_fail_and_are_kept(tracks):
    result = tracks(
        fix(0, 130), fix(10, 181, 91), fix(20, 130.1), "273000001,,42,130,1,A\n", ",2024-03-01,42,130,1,A\n"
    )
    assert list(result.routes["positions"]) == [2]
    assert len(result.failed) == 3
    assert positions(result) == 5


def test_a_track_across_180_is_cut_and_its_times_fit_its_vertices(tracks):
    lons = (179.8, 179.9, -179.9, -179.8)
    result = tracks(*(fix(60 * n, lon) for n, lon in enumerate(lons)))
    track = result.routes.iloc[0]
    assert track.geometry.geom_type == "MultiLineString"
    assert track.geometry.bounds == (-180.0, pytest.approx(42, abs=0.01), 180.0, pytest.approx(42, abs=0.01))
    times = json.loads(track["times_ms"])
    assert len(times) == shapely.get_num_coordinates(track.geometry) == 6
    assert times == sorted(times)
    assert times[2] == times[3] == pytest.approx(90 * 60_000, abs=1000)
    assert track["length_km"] == pytest.approx(length_km(track.geometry), rel=1e-4)
    assert track["positions"] == 4


def test_a_ship_that_lies_still_is_a_track(tracks):
    result = tracks(*(fix(10 * n, 130) for n in range(4)))
    assert result.routes["length_km"].iloc[0] == 0
    assert shapely.get_num_coordinates(result.routes.geometry.iloc[0]) == 4


def test_no_position_is_lost(tracks):
    rng = np.random.default_rng(3)
    rows = [
        fix(float(at), float(lon), 42.0, f"27300000{ship}")
        for ship in range(3)
        for at, lon in zip(rng.uniform(0, 5000, 60).round(), rng.uniform(120, 140, 60).round(3), strict=True)
    ]
    assert positions(tracks(*rows)) == 180


def test_other_ways_of_writing_positions(tmp_path):
    path = tmp_path / "dk.csv"
    head = "# Timestamp;Type of mobile;MMSI;Latitude;Longitude;SOG;Name\n"
    rows = "".join(f"13/04/2024 00:{n:02d}:00;Class A;219000001;55,{n:02d};11,5;8;FREJA\n" for n in range(10, 20))
    path.write_text(head + rows)
    result = read_import(path)
    assert str(result.routes["depart"].iloc[0]) == "2024-04-13 00:10:00+00:00"
    assert result.routes["positions"].iloc[0] == 10


def test_gpx_tracks_have_their_times(tmp_path):
    points = "".join(
        f'<trkpt lat="42" lon="{130 + n / 100}"><time>2024-03-01T0{n}:00:00Z</time></trkpt>' for n in range(3)
    )
    path = tmp_path / "walk.gpx"
    path.write_text(
        '<?xml version="1.0"?><gpx version="1.1" creator="t" xmlns="http://www.topografix.com/GPX/1/1">'
        f"<trk><name>Walk</name><trkseg>{points}</trkseg></trk></gpx>"
    )
    result = read_import(path)
    assert json.loads(result.routes["times_ms"].iloc[0]) == [0, 3_600_000, 7_200_000]
    assert any("by sea" in remark for remark in result.remarks), "what is assumed is said"


@pytest.mark.parametrize("gap", ["soon", "-1h", "0s"])
def test_a_gap_that_is_none_is_refused(tracks, gap):
    with pytest.raises(OptionError, match=r"gap|length of time"):
        tracks(fix(0, 130), gap=gap)
