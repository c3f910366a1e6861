"""The README does what it says: its commands print what it shows, its Python runs, its figures are true."""

from __future__ import annotations

import csv
import re
import shlex
import subprocess
import sys

import pytest
from pyarrow import feather

from geo.config import NETWORKS, PLACES
from tests.conftest import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"```console\n\$ python -m (geo .+)\n([\s\S]+?)```", README)
EXAMPLES = re.findall(r"```python\n([\s\S]+?)```", README)


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """A folder with the sample in reach, so that what an example writes is not left in the repository."""
    (tmp_path / "data").symlink_to(ROOT / "data")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    return tmp_path


@pytest.mark.parametrize(("command", "printed"), COMMANDS, ids=[command for command, _ in COMMANDS])
def test_commands_print_what_is_shown(elsewhere, command, printed):
    words = [sys.executable, "-m", *shlex.split(command)]
    done = subprocess.run(words, cwd=elsewhere, capture_output=True, text=True, check=True)
    assert done.stdout == printed


def test_the_python_runs(elsewhere):
    done = subprocess.run(
        [sys.executable, "-c", "\n".join([*EXAMPLES, "print(places.geometry.notna().all())"])],
        cwd=elsewhere,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == "True"
    assert (elsewhere / "march.geojson").stat().st_size > 1000
    assert (elsewhere / "march.html").stat().st_size > 100_000


def test_figures(sample):
    counts = f"{len(sample.events)} events, {len(sample.routes)} legs of journeys and shipments, {len(sample.sources)}"
    said = " ".join(README.split())
    assert counts in said
    assert f"has {len(feather.read_table(PLACES / 'places.arrow', columns=['gid'])):,} places" in said
    with (NETWORKS / "rail_stations.csv").open(encoding="utf-8") as file:
        assert f"{sum(1 for _ in csv.DictReader(file))} named stations" in said


def test_the_two_commands_are_there():
    assert "python -m pip install -r requirements.txt && python -m streamlit run app.py" in README
    assert "python -m pip install -r requirements-dev.txt && python -m pytest" in README


def test_pictures_and_links_are_there():
    targets = re.findall(r"\]\((?!https?:)([^)#]+)\)", README)
    assert targets
    for target in targets:
        assert (ROOT / target).is_file(), target
