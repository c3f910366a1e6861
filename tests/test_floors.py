"""The architecture, held by reading the code: imports go down, siblings keep apart, files stay short."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "geo"
FLOORS = {
    0: {"errors", "types", "edits", "faults", "garbage", "casting", "config", "views"},
    1: {"schema", "geodesy", "timeline", "story"},
    2: {"places", "news", "routing", "formats", "store", "maps"},
    3: {
        *("atlas", "exporting", "noticing", "opening", "picturing", "placing", "planning", "checking", "storing"),
        *("workspace", "candidates", "extracting", "importing", "proposing", "sourcing", "correcting", "following"),
        *("telling", "choosing"),
    },
    4: {"app", "cli", "__main__", "__init__"},
}
FLOOR_OF = {room: floor for floor, rooms in FLOORS.items() for room in rooms}
APART = {1, 2}  # rooms on these floors never import one another
LONGEST_FILE = 310

modules = sorted(PACKAGE.rglob("*.py"))


def room_of(path: Path) -> str:
    first = path.relative_to(PACKAGE).parts[0]
    return first.removesuffix(".py")


def imported_rooms(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path}: a relative import hides which floor it goes to"
            names |= {f"{node.module}.{alias.name}" for alias in node.names} if node.module == "geo" else {node.module}
    return {name.split(".")[1] for name in names if name.startswith("geo.")}


def test_every_room_has_a_floor():
    rooms = {room_of(path) for path in modules}
    assert rooms <= FLOOR_OF.keys(), f"rooms without a floor: {rooms - FLOOR_OF.keys()}"


@pytest.mark.parametrize("path", modules, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_only_go_down(path):
    here = room_of(path)
    for room in imported_rooms(path) - {here}:
        if room not in FLOOR_OF:
            continue  # a public name taken from the package itself
        assert FLOOR_OF[room] <= FLOOR_OF[here], f"{here} imports {room} from a floor above"
        if FLOOR_OF[here] in APART:
            assert FLOOR_OF[room] < FLOOR_OF[here], f"{here} and {room} are siblings"


def test_only_faces_take_names_from_the_package_itself():
    for path in modules:
        outside = imported_rooms(path) - FLOOR_OF.keys()
        assert not outside, f"{path.name} imports {outside} from `geo`; import it from its room"


@pytest.mark.parametrize("path", modules, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_files_hold_one_idea(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_FILE
