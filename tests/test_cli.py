"""The command line as a user meets it: its output and its exit code."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from contextlib import chdir, redirect_stderr, redirect_stdout

import pytest

from geo.cli import ROOMS, main
from tests.conftest import ROOT

SAMPLE = "data/sample"


def geo(*words: str) -> subprocess.CompletedProcess[str]:
    """Run one verb in this process, which spares each test the imports."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    with redirect_stdout(out), redirect_stderr(err), chdir(ROOT):
        try:
            code = main(words)
        except SystemExit as left:
            code = int(left.code or 0)
    told = [stream.detach().getvalue().decode() for stream in (out, err) if stream.flush() is None]
    return subprocess.CompletedProcess(words, code, *told)


def test_the_command_line_is_a_process_of_its_own():
    command = [sys.executable, "-m", "geo", "geocode", "Seoul", "Xyzzyplugh"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stdout.startswith("Seoul: Seoul, KR")
    assert done.stderr == "geo: 'Xyzzyplugh': no place of this name is known. Check the spelling.\n"


@pytest.mark.parametrize("verb", ["geocode", "slice", "map", "export"])
def test_every_verb_explains_itself(verb):
    done = geo(verb, "--help")
    assert done.returncode == 0
    assert f"python -m geo {verb}" in done.stdout


def test_geocode_json_is_one_object_a_name():
    done = geo("geocode", "Najin", "나진", "Dunay", "--json")
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer["name"] for answer in answers] == ["Najin", "나진", "Dunay"]
    keys = {
        "name",
        "place",
        "lat",
        "lon",
        "place_id",
        "matched",
        "match",
        "reasons",
        "kind",
        "country",
        "radius_km",
        "confidence",
        "alternatives",
    }
    assert all(answer.keys() == keys for answer in answers)
    assert answers[0]["place_id"] == answers[1]["place_id"] == "geonames:2042645"
    assert (answers[2]["country"], round(answers[2]["lat"]), round(answers[2]["lon"])) == ("RU", 43, 132)
    assert done.returncode == 0


def test_an_unknown_name_is_said_and_the_others_are_answered():
    done = geo("geocode", "Xyzzyplugh", "Seoul")
    assert done.returncode == 2
    assert done.stdout.startswith("Seoul: Seoul, KR")
    assert done.stderr == "geo: 'Xyzzyplugh': no place of this name is known. Check the spelling.\n"


def test_slice_gives_the_rows_of_the_window():
    done = geo("slice", SAMPLE, "--from", "2023-09", "--to", "2023-09", "--json")
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert {row["layer"] for row in rows} == {"events", "routes"}
    assert "2023-09-vostochny-meeting" in {row["id"] for row in rows}
    assert all(row["start"] < "2023-10-01" and row["end"] > "2023-09-01" for row in rows)
    text = geo("slice", SAMPLE, "--from", "2023-09", "--to", "2023-09").stdout
    events = sum(row["layer"] == "events" for row in rows)
    assert text.endswith(f"{events} events, {len(rows) - events} routes\n")


def test_export_writes_the_slice(tmp_path):
    target = tmp_path / "march.geojson"
    done = geo("export", SAMPLE, "--from", "2024-03", "--to", "2024-03", "--layer", "routes", "-o", str(target))
    assert done.returncode == 0
    features = json.loads(target.read_text())["features"]
    assert [feature["id"] for feature in features] == ["oil-2024-1"]
    assert json.loads(geo("export", SAMPLE, "--kind", "sanctions").stdout)["type"] == "FeatureCollection"


def test_map_writes_one_page(tmp_path):
    target = tmp_path / "map.html"
    assert geo("map", SAMPLE, "-o", str(target)).returncode == 0
    assert "Vostochny" in target.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("slice", "no-such-folder"), "There is no file or folder no-such-folder"),
        (("slice", SAMPLE, "--from", "soon"), "'soon' is not a date"),
        (("slice", SAMPLE, "--from", "2024-04", "--to", "2024-03"), "is empty"),
        (("map", SAMPLE, "-o", "map.pdf"), "End it in .html"),
        (("export", SAMPLE, "-o", "x.shp"), "not a kind of file Rutter writes. End the name in .geojson"),
        (("export", SAMPLE, "-o", "no-such-folder/x.geojson"), "could not be written"),
        (("export", SAMPLE, "-o", f"{'x' * 250}.geojson"), "Choose another name or folder"),
        (("slice", SAMPLE, "--kind", "nonsense"), "Kinds here: accident, announcement"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_2(words, says):
    done = geo(*words)
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].startswith("geo: ")
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_a_bad_table_lists_its_faults(tmp_path):
    (tmp_path / "events.csv").write_text("id,title,date,place\na,T,2024-13,Seoul\na,U,2024,Seoul\n")
    done = geo("export", str(tmp_path))
    assert done.returncode == 2
    assert "events.csv, row 2, column date" in done.stderr
    assert "events.csv, row 3, column id" in done.stderr


@pytest.mark.parametrize(
    "words", [("--mode", "plane"), ("--confidence", "7"), ("--confidence", "nan"), ("--status", "x")]
)
def test_filters_that_cannot_be_are_refused(words):
    done = geo("slice", SAMPLE, *words)
    assert done.returncode == 2
    assert words[0] in done.stderr
    assert "Traceback" not in done.stderr


def test_one_bad_coordinate_does_not_lose_the_other_answers():
    done = geo("geocode", "95 N 130 E", "Seoul", "--json")
    assert done.returncode == 2
    assert "Latitude 95" in done.stderr
    assert [json.loads(line)["place"] for line in done.stdout.splitlines()] == [None, "Seoul"]


def test_what_was_written_is_told_as_json(tmp_path):
    target = tmp_path / "all.geojson"
    done = geo("export", SAMPLE, "-o", str(target), "--layer", "events", "--json")
    assert json.loads(done.stdout) == {"file": str(target), "events": 34}


def test_what_names_are_near_to_may_be_a_name(capsys):
    assert main(["geocode", "Paris", "--json", "--near", "Honey", "Grove"]) == 0
    assert json.loads(capsys.readouterr().out)["country"] == "US"
    assert main(["geocode", "Paris", "--near", "Nowhereville"]) == 2
    assert "No place 'Nowhereville' is known" in capsys.readouterr().err
    assert main(["geocode", "--near", "Bonham"]) == 2
    assert "No name is given" in capsys.readouterr().err


def test_each_verb_is_in_the_room_that_is_said_to_add_it(capsys):
    for verbs in ROOMS.values():
        for verb in verbs:
            with pytest.raises(SystemExit) as left:
                main([verb, "--help"])
            assert left.value.code == 0
            assert f"geo {verb}" in capsys.readouterr().out


def test_geocode_takes_hints(tmp_path):
    done = geo("geocode", "Paris", "--near", "33.66", "-95.55", "--json")
    assert json.loads(done.stdout)["country"] == "US"
    done = geo("geocode", "--near", "33.66", "-95.55", "Paris", "Seoul", "--json")
    assert [json.loads(line)["country"] for line in done.stdout.splitlines()] == ["US", "KR"]
    done = geo("geocode", "London", "--country", "France")
    assert done.returncode == 2
    assert done.stderr == "geo: 'London': no place of this name is known in France. London is in GB.\n"
    done = geo("geocode", "London", "--corrections", str(tmp_path / "nowhere.csv"))
    assert done.returncode == 2
    assert "nowhere.csv" in done.stderr
    (tmp_path / "corrections.csv").write_text("name,lon,lat\nFoo,10,50\n", encoding="utf-8")
    answer = json.loads(geo("geocode", "Foo", "--corrections", str(tmp_path), "--json").stdout)
    assert (answer["lon"], answer["radius_km"], answer["match"]) == (10, None, "correction")


def test_a_larger_gazetteer_is_built_and_used(tmp_path):
    names, kind = "99999999\tQuuxgrad\tQuuxgrad\tКвуксград", "P\tPPL\tUA\t\t12\t\t\t\t5000\t\t1"
    row = f"{names}\t50.5\t30.5\t{kind}\tEurope/Kiev\t2026-01-01\n"
    (tmp_path / "UA.txt").write_text(row, encoding="utf-8")
    done = geo("places", "build", "--geonames", str(tmp_path / "UA.txt"), "-o", str(tmp_path / "mine"), "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["rows"] == 1
    command = [sys.executable, "-m", "geo", "geocode", "Quuxgrad", "Najin", "--json"]
    environment = {**os.environ, "RUTTER_GAZETTEER": str(tmp_path / "mine")}
    used = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, env=environment)
    assert [json.loads(line)["country"] for line in used.stdout.splitlines()] == ["UA", "KP"]
    (tmp_path / "mine" / "names.arrow").write_bytes(b"ARROW1 cut off")
    broken = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, env=environment)
    assert broken.returncode == 2
    assert broken.stderr.startswith("geo: The gazetteer in ")
