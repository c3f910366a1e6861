"""The bundled data is what its README says."""

from __future__ import annotations

import hashlib

from pyarrow import feather

from geo.config import DATA, PLACES
from tests.conftest import ROOT

NOT_DATA = {".md", ".py", ".pyc"}


def test_every_file_is_listed_and_unchanged():
    listed = dict(line.split()[::-1] for line in (DATA / "SHA256SUMS").read_text().splitlines())
    there = {
        str(path.relative_to(ROOT)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in DATA.rglob("*")
        if path.is_file() and path.suffix not in NOT_DATA and path.name != "SHA256SUMS"
    }
    assert there == listed, "a file changed: if on purpose, write its new sum into data/SHA256SUMS"


def test_the_gazetteer_is_as_large_as_its_readme_says():
    readme = (PLACES / "README.md").read_text(encoding="utf-8")
    for table, column in (("places", "gid"), ("names", "place")):
        rows = len(feather.read_table(PLACES / f"{table}.arrow", columns=[column]))
        assert f"{rows:,} {table}" in readme


def test_every_folder_says_where_its_data_is_from():
    for folder in (path for path in DATA.iterdir() if path.is_dir()):
        readme = (folder / "README.md").read_text(encoding="utf-8")
        assert "2026-11-22" in readme, folder
        assert "icence" in readme, folder
