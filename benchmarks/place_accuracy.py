"""How often a place mentioned in a text is found where people put it, and how well the confidence tells.

    python benchmarks/place_accuracy.py FOLDER [OUT]

FOLDER holds texts with marked places as JSON lines, a file a corpus: `{"id", "text", "toponyms": [{"start", "end",
"surface", "lat", "lon"}]}`. Prints, for each corpus, the share within 161 km with the text as context and without, and
for all of them how often answers of each confidence were right. With OUT, writes there what was found, in the same
form. The weights of the ranking were fitted on such texts: on the very same ones this flatters;
`data/places/fit_weights.py` prints what comes out on texts it has not seen.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import geo  # noqa: E402
from geo.geodesy import distances_km  # noqa: E402

RIGHT_KM = 161.0
STEPS = np.arange(0.0, 1.01, 0.1)


def texts(path: Path) -> Iterator[dict[str, Any]]:
    """Read one corpus."""
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def main() -> None:
    """Score every corpus and print what came out."""
    folder, out = Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None
    sure, right = [], []
    for path in sorted(folder.glob("*.jsonl")):
        hits, alone, written = [], [], []
        for text in texts(path):
            marked = text["toponyms"]
            names = [one["surface"] for one in marked]
            found, plain = geo.geocode(names, context=text["text"]), geo.geocode(names)
            points = zip(marked, found.itertuples(), plain.itertuples(), strict=True)
            for one, here, there in points:
                if one.get("lat") is not None:
                    hits.append(within(one, here.geometry))
                    alone.append(within(one, there.geometry))
                    if here.geometry is not None:
                        sure.append(here.confidence)
                        right.append(hits[-1])
            written.append({"id": text["id"], "toponyms": list(map(answer, marked, found.itertuples()))})
        print(f"{path.stem:14s} {np.mean(hits):6.1%} of {len(hits):,} with the text, {np.mean(alone):6.1%} without")
        if out:
            out.mkdir(parents=True, exist_ok=True)
            lines = (json.dumps({**one, "toponyms": [t for t in one["toponyms"] if t]}) + "\n" for one in written)
            (out / path.name).write_text("".join(lines), encoding="utf-8")
    reliability(np.array(sure), np.array(right))


def within(one: dict[str, Any], point: Any) -> bool:
    """Whether a point is within 161 km of where people put the mention."""
    return point is not None and float(distances_km(one["lon"], one["lat"], point.x, point.y)[0]) < RIGHT_KM


def answer(one: dict[str, Any], row: Any) -> dict[str, Any] | None:
    """One answer as the scorers of such corpora read it."""
    if row.geometry is None:
        return None
    return {key: one[key] for key in ("start", "end")} | {
        "lat": row.geometry.y,
        "lon": row.geometry.x,
        "confidence": row.confidence,
    }


def reliability(sure: np.ndarray, right: np.ndarray) -> None:
    """Print how often answers of each confidence were right."""
    step = np.digitize(sure, STEPS[1:-1])
    for number in np.unique(step):
        own = step == number
        print(f"said {sure[own].mean():4.0%} sure, right {right[own].mean():4.0%} of {own.sum():,}")
    gap = sum(abs(sure[step == n].mean() - right[step == n].mean()) * (step == n).mean() for n in np.unique(step))
    print(f"expected calibration error {gap:.3f}")


if __name__ == "__main__":
    main()
