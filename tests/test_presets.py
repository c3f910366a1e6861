"""Known datasets are recognised by their columns, and their codes of precision become time and radius."""

from __future__ import annotations

import pandas as pd
import pytest

from geo import OptionError, read_import
from geo.importing import presets
from geo.importing.mapping import OWN_PRESETS
from geo.importing.presets import preset_named
from geo.maps.style import KINDS

ACLED = {
    "event_id_cnty": "XXA1", "event_date": "05 March 2024", "year": "2024", "time_precision": "1",
    "disorder_type": "Political violence", "event_type": "Battles", "sub_event_type": "Armed clash",
    "actor1": "Group A", "assoc_actor_1": "", "inter1": "2", "actor2": "Group B", "country": "Mali",
    "admin1": "Kidal", "location": "Kidal", "latitude": "18.4411", "longitude": "1.4078", "geo_precision": "1",
    "source": "Example News", "source_scale": "National", "fatalities": "3",
    "notes": "Two groups fought near the town.",
}  # fmt: skip
UCDP = {
    "id": "900001", "relid": "XXX-2020-1", "year": "2020", "type_of_violence": "1",
    "side_a": "Side A", "side_b": "Side B",
    "source_article": "Example Agency,2020-05-02,Fighting reported", "source_office": "Example Agency",
    "source_date": "2020-05-02", "source_headline": "Fighting reported", "where_prec": "1",
    "where_coordinates": "Kidal town", "where_description": "near the town", "latitude": "18.4411",
    "longitude": "1.4078", "country": "Mali", "date_prec": "1", "date_start": "2020-05-01 00:00:00.000",
    "date_end": "2020-05-01 00:00:00.000", "best": "2",
}  # fmt: skip
GTD = {
    "eventid": "199901010001", "iyear": "1999", "imonth": "1", "iday": "1", "approxdate": "", "country_txt": "Mali",
    "city": "Kidal", "latitude": "18.4411", "longitude": "1.4078", "specificity": "1", "summary": "A bomb exploded.",
    "doubtterr": "0", "attacktype1": "3", "attacktype1_txt": "Bombing/Explosion", "target1": "A bridge", "nkill": "0",
    "scite1": "Example Daily, 2 January 1999",
}  # fmt: skip
USGS = {
    "time": "2024-01-01T07:10:09.476Z", "latitude": "37.4874", "longitude": "137.271", "depth": "10", "mag": "7.5",
    "magType": "mww", "nst": "", "gap": "26", "dmin": "2.2", "rms": "0.86", "net": "us", "id": "xx0001",
    "updated": "2024-04-02T15:30:59.040Z", "place": "near the coast", "type": "earthquake", "horizontalError": "5.68",
    "depthError": "1.8", "magError": "0.04", "magNst": "73", "status": "reviewed", "locationSource": "us",
    "magSource": "us",
}  # fmt: skip
GDELT = {
    "GLOBALEVENTID": "1000000001", "SQLDATE": "20240305", "Actor1Name": "MINISTER", "Actor2Name": "CHINA",
    "EventCode": "042", "EventBaseCode": "042", "EventRootCode": "04", "ActionGeo_Type": "4",
    "ActionGeo_FullName": "Vladivostok, Primorskiy Kray, Russia", "ActionGeo_CountryCode": "RS",
    "ActionGeo_Lat": "43.1332", "ActionGeo_Long": "131.9", "DATEADDED": "20240305101500",
    "SOURCEURL": "https://example.org/story",
}  # fmt: skip
ROWS = {"acled": ACLED, "ucdp_ged": UCDP, "gtd": GTD, "usgs": USGS}


@pytest.fixture
def bring(tmp_path):
    def one(name: str, **changes: str):
        path = tmp_path / f"{name}.csv"
        if name == "gdelt2":
            row = {**GDELT, **changes}
            cells = [row.get(column, "") for column in preset_named(name).header]
            path.write_text("\t".join(cells) + "\n")
        else:
            pd.DataFrame([{**ROWS[name], **changes}]).to_csv(path, index=False)
        result = read_import(path)
        assert result.mapping.preset == name
        assert not result.faults
        return result

    return one


def test_the_five_are_there():
    assert set(presets()) == {"acled", "ucdp_ged", "gtd", "usgs", "gdelt2", *OWN_PRESETS.values()}
    assert len(preset_named("gdelt2").header) == 61
    with pytest.raises(OptionError, match="acled"):
        preset_named("acleed")


@pytest.mark.parametrize("name", presets())
def test_every_kind_is_one_that_the_map_knows(name):
    assert set(preset_named(name).mapping.values.get("kind", {}).values()) <= set(KINDS)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("acled", ("XXA1", "military", "Armed clash: Group A – Group B, Kidal", "Two groups fought near the town.")),
        ("ucdp_ged", ("900001", "military", "State-based violence: Side A – Side B, Kidal town", "Fighting reported")),
        ("gtd", ("199901010001", "attack", "Bombing/Explosion: A bridge, Kidal, Mali", "A bomb exploded.")),
        ("usgs", ("xx0001", "natural", "M 7.5 mww earthquake, near the coast", "")),
        ("gdelt2", ("1000000001", "visit", "Consultation: MINISTER – CHINA, Vladivostok, Primorskiy Kray, Russia", "")),
    ],
)
def test_a_row_of_each(bring, name, says):
    result = bring(name)
    event = result.events.iloc[0]
    assert tuple(event[["id", "kind", "title", "quote"]]) == says
    source = result.sources.set_index("id").loc[event["source_id"]]
    assert source["title"]
    assert source["publisher"]


def times(result) -> tuple[str, str, str]:
    event = result.events.iloc[0]
    return str(event["start"])[:10], str(event["end"])[:10], event["precision"]


@pytest.mark.parametrize(
    ("name", "changes", "expected"),
    [
        ("acled", {"time_precision": "1"}, ("2024-03-05", "2024-03-06", "day")),
        ("acled", {"time_precision": "2"}, ("2024-03-02", "2024-03-09", "range")),
        ("acled", {"time_precision": "3"}, ("2024-03-01", "2024-04-01", "month")),
        ("ucdp_ged", {"date_prec": "1"}, ("2020-05-01", "2020-05-02", "day")),
        ("ucdp_ged", {"date_prec": "3", "date_end": "2020-05-07 00:00:00.000"}, ("2020-05-01", "2020-05-08", "range")),
        ("ucdp_ged", {"date_prec": "5", "date_end": "2020-09-30 00:00:00.000"}, ("2020-05-01", "2020-10-01", "range")),
        ("gtd", {}, ("1999-01-01", "1999-01-02", "day")),
        ("gtd", {"iday": "0"}, ("1999-01-01", "1999-02-01", "month")),
        ("gtd", {"imonth": "0", "iday": "0"}, ("1999-01-01", "2000-01-01", "year")),
        ("usgs", {}, ("2024-01-01", "2024-01-01", "exact")),
        ("gdelt2", {}, ("2024-03-05", "2024-03-06", "day")),
    ],
)
def test_codes_of_time_become_stretches(bring, name, changes, expected):
    assert times(bring(name, **changes)) == expected


@pytest.mark.parametrize(
    ("name", "column", "code", "km"),
    [
        ("acled", "geo_precision", "1", 5),
        ("acled", "geo_precision", "3", 100),
        ("ucdp_ged", "where_prec", "2", 25),
        ("ucdp_ged", "where_prec", "6", 500),
        ("gtd", "specificity", "4", 150),
        ("usgs", "horizontalError", "5.68", 5.68),
        ("gdelt2", "ActionGeo_Type", "1", 500),
        ("gdelt2", "ActionGeo_Type", "4", 10),
    ],
)
def test_codes_of_place_become_radii(bring, name, column, code, km):
    event = bring(name, **{column: code}).events.iloc[0]
    assert event["radius_km"] == km
    assert name == "usgs" or event[column] == code, "the code itself is kept"


@pytest.mark.parametrize(
    ("name", "changes", "column", "meant"),
    [
        ("usgs", {"status": "automatic"}, "status", "reported"),
        ("usgs", {"status": "reviewed"}, "status", "confirmed"),
        ("usgs", {"type": "nuclear explosion"}, "kind", "nuclear test"),
        ("gtd", {"doubtterr": "1"}, "status", "disputed"),
        ("gdelt2", {"EventCode": "1724"}, "kind", "sanctions"),
        ("gdelt2", {"EventCode": "190"}, "kind", "military"),
        ("acled", {"sub_event_type": "Peaceful protest"}, "kind", "other"),
    ],
)
def test_codes_of_kind_and_status(bring, name, changes, column, meant):
    assert bring(name, **changes).events[column].iloc[0] == meant


def test_a_code_nobody_knows_is_said(bring):
    result = bring("acled", geo_precision="9", sub_event_type="Dance")
    assert pd.isna(result.events["radius_km"].iloc[0])
    assert result.events["kind"].iloc[0] == "other"
    assert {"'9'" in remark or "'Dance'" in remark for remark in result.remarks} == {True}


def test_a_preset_on_another_file_is_refused(tmp_path):
    (tmp_path / "t.csv").write_text("a,b\n1,2\n")
    with pytest.raises(OptionError, match="does not have the columns of ACLED"):
        read_import(tmp_path / "t.csv", preset="acled")
