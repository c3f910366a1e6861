"""What Rutter wrote is the same again when it is brought in: every format, every column it can hold."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from geo import Atlas, FormatError, read_import
from tests.odd_rows import FORMULA, odd_atlas

LAYERS = ("events", "routes")
ONE_FILE = (".geojson", ".geojsonl", ".parquet", ".kml", ".kmz")
A_LAYER_EACH = (".gpkg", ".xlsx")
CITED = ("title", "publisher", "url", "published", "note")


@pytest.fixture(scope="module")
def ours(sample):
    """The sample with what formats are apt to change: many digits, names that mean something to them, a formula."""
    events = sample.events.assign(**{"a.b": "x", "name": "its own", "begin": "1"})
    events["radius_km"] = events["radius_km"].astype(float) + 0.12345678901234567
    routes = sample.routes.assign(**{"a.b": FORMULA})
    return Atlas(events, routes, sample.sources, title="Ours")


def brought(atlas: Atlas, suffix: str, folder: Path) -> Atlas:
    """Export and bring in again, whatever files that takes."""
    path = folder / f"x{suffix}"
    if suffix == ".csv":
        for layer in LAYERS:
            atlas.save(folder / f"{layer}.csv", layers=[layer])
    else:
        atlas.save(path)
    home = folder if suffix == ".csv" else path
    if suffix in (".csv", ""):
        parts = {layer: read_import(home / f"{layer}.csv") for layer in LAYERS}
    elif suffix in A_LAYER_EACH:
        parts = {layer: read_import(path, layer=layer) for layer in LAYERS}
    else:
        parts = dict.fromkeys(LAYERS, read_import(path))
    assert not [fault for part in parts.values() for fault in part.faults]
    sources = pd.concat([part.sources for part in parts.values()]).drop_duplicates("id")
    return Atlas(parts["events"].events, parts["routes"].routes, sources)


def assert_same(ours: Atlas, theirs: Atlas, *, layers=LAYERS):
    for layer in layers:
        mine, read = (atlas.layer(layer).set_index("id") for atlas in (ours, theirs))
        assert sorted(read.index) == sorted(mine.index)
        assert sorted(read.columns) == sorted(mine.columns), layer
        read = read.loc[mine.index]
        for column in mine.columns.drop("geometry"):
            said = read[column].astype(object), mine[column].astype(object)
            differing = [pair for pair in zip(*said, strict=True) if pair[0] != pair[1] and not all(map(pd.isna, pair))]
            assert not differing, (layer, column)
        for a, b in zip(mine.geometry, read.geometry, strict=True):
            assert (a is None and b is None) or a.equals_exact(b, 0.6e-7)


@pytest.mark.parametrize("suffix", [*ONE_FILE, *A_LAYER_EACH, ".csv", ""])
def test_an_export_comes_back_as_it_was(ours, suffix, tmp_path):
    again = brought(ours, suffix, tmp_path)
    assert_same(ours, again)
    named = ours.sources[ours.sources["id"].isin([*ours.events["source_id"], *ours.routes["source_id"]])]
    assert set(again.sources["id"]) == set(named["id"]), "and nothing that the file made up"
    if suffix:  # the table of a folder does not hold its sources
        read = again.sources.set_index("id").loc[named["id"]]
        for column in CITED:
            assert list(read[column]) == list(named[column])


def test_tracks_of_gpx_come_back(ours, tmp_path):
    ours.save(tmp_path / "x.gpx")
    result = read_import(tmp_path / "x.gpx")
    assert not result.faults
    assert_same(ours, result.atlas, layers=["routes"])


@pytest.mark.parametrize("suffix", [".geojson", ".kml", ".gpkg", ".parquet", ".xlsx", ".csv"])
def test_odd_rows_come_back(suffix, tmp_path):
    odd = odd_atlas()
    again = brought(odd, suffix, tmp_path)
    for layer in LAYERS:
        mine, read = (atlas.layer(layer).set_index("id") for atlas in (odd, again))
        read = read.loc[mine.index]
        same = ["start", "end", "precision"] if layer == "events" else ["depart", "arrive", "dated_by", "length_km"]
        for column in (*same, "source_id", "confidence", "status"):
            assert read[column].equals(mine[column]), (layer, column)
        assert [shape is None for shape in read.geometry] == [shape is None for shape in mine.geometry]
    assert again.events.set_index("id").loc["formula", "title"] == FORMULA
    told = again.events.set_index("id").loc["control", "title"]
    assert told.endswith("end") or suffix == ".gpkg", "GDAL ends a text of a GeoPackage at U+0000, and we say elsewhere"


def test_a_dossier_in_a_zip_is_told_to_be_one(ours, tmp_path):
    ours.save(tmp_path / "x.zip")
    with pytest.raises(FormatError, match="may be a dossier, which is opened"):
        read_import(tmp_path / "x.zip")


def test_a_row_without_a_position_is_not_looked_up(sample, tmp_path):
    events = sample.events.copy()
    events.loc[0, "place"] = "Vladivostok"
    events.geometry = [None, *events.geometry[1:]]
    Atlas(events, sample.routes, sample.sources).save(tmp_path / "x.geojson")
    read = read_import(tmp_path / "x.geojson").events.set_index("id").loc[events["id"][0]]
    assert read.geometry is None
