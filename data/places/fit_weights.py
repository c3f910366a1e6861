"""Fit the weights by which candidates are ranked: `python data/places/fit_weights.py FOLDER` from the root of the repo.

FOLDER holds texts in which somebody marked the places and gave each a point, as JSON lines:
`{"text", "toponyms": [{"surface", "lat", "lon"}]}`. Needs scipy, a build-time requirement. Writes `weights.csv`.

Two models are fitted one after the other, for a name alone and for one among others, each a conditional logit: the
chance of a candidate goes with the exponential of the weighted sum of its measures. A name counts as found where a
candidate lies within 161 km of the point that was given. The confidence is fitted on texts that the models have not
seen, in five turns. Weights that were set by hand are kept.
"""

from __future__ import annotations

import csv
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.optimize import isotonic_regression, lsq_linear, minimize

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent))

from geo.geodesy import distances_km  # noqa: E402
from geo.places.context import of_others  # noqa: E402
from geo.places.features import KINDS, of_itself  # noqa: E402
from geo.places.gazetteer import default_gazetteer  # noqa: E402
from geo.places.judge import at_one_spot, log_odds  # noqa: E402
from geo.places.pool import Floats, Pool  # noqa: E402
from geo.places.rank import soft  # noqa: E402
from geo.places.resolve import gather  # noqa: E402
from geo.places.scene import Scene, read_scene  # noqa: E402
from geo.types import PlaceQuery  # noqa: E402

RIGHT_KM = 161.0  # 100 miles, the limit that geoparsing is usually scored by
RIDGE = 1.0
LONG = (*KINDS["river"], *KINDS["water"], *KINDS["land"])
TURNS = 5
POINTS = 12
BY_HAND = ("asked alone", "purpose")

gazetteer = default_gazetteer()


@dataclass
class Text:
    """One text, with the candidates of its names; of each mention those it may mean, and those within 161 km."""

    corpus: str
    scene: Scene
    pool: Pool
    measures: dict[str, Floats]
    mentions: list[tuple[slice, npt.NDArray[np.bool_], npt.NDArray[np.bool_]]]
    after_comma: list[bool]
    said: dict[str, Floats]
    score: Floats


def read(path: Path) -> Iterable[Text]:
    """Read the texts of one corpus."""
    for line in path.open(encoding="utf-8"):
        document = json.loads(line)
        marked = [one for one in document["toponyms"] if one.get("lat") is not None]
        if not marked:
            continue
        told = Counter(one["surface"] for one in marked)
        scene = read_scene([PlaceQuery(name) for name in told], list(told.values()), [document["text"]], gazetteer)
        pool = gather(scene.asked, gazetteer)
        starts = np.searchsorted(pool.asked, np.arange(len(told) + 1))
        number = {name: position for position, name in enumerate(told)}
        mentions = []
        # In `Albany, New York` the second name is the state because of the first; it tells nothing of the name alone.
        after = [document["text"][: one["start"]].endswith(", ") for one in marked]
        for one in marked:
            own = slice(*starts[number[one["surface"]] :][:2])
            away = distances_km(one["lon"], one["lat"], pool.lon[own], pool.lat[own])
            # A river is told of all along its course, a sea from every coast.
            reach = np.where(gazetteer.kind.are(pool.row[own], LONG), pool.radius_km[own], 0.0)
            mentions.append((own, away < np.maximum(RIGHT_KM, reach), away < RIGHT_KM))
        said = scene.measures(pool, gazetteer)
        yield Text(path.stem, scene, pool, of_itself(pool, gazetteer), mentions, after, said, np.zeros(len(pool)))


def alone(text: Text) -> dict[str, Floats]:
    """Give what is measured of each candidate alone."""
    return text.measures


def together(text: Text) -> dict[str, Floats]:
    """Give what is measured of each candidate among the other names of its text."""
    return text.measures | text.said | of_others(text.pool, gazetteer, soft(text.pool.asked, text.score), text.scene)


def fit(texts: Sequence[Text], measure: Callable[[Text], dict[str, Floats]]) -> dict[str, float]:
    """Fit one model, and score all the texts' candidates by it."""
    tables, right, sizes, shares, names = [], [], [], [], list(measure(texts[0]))
    told = Counter()
    for text in texts:
        told[text.corpus] += len(text.mentions)
    for text in texts:
        table = np.column_stack(list(measure(text).values()))
        for (own, good, _), after in zip(text.mentions, text.after_comma, strict=True):
            if good.any() and not (after and measure is alone):
                tables.append(table[own])
                right.append(good)
                sizes.append(len(good))
                shares.append(told.total() / len(told) / told[text.corpus])
    table, good, share = np.vstack(tables), np.concatenate(right), np.array(shares)
    starts = np.cumsum(sizes) - sizes
    group = np.repeat(np.arange(len(sizes)), sizes)

    def loss(weights: Floats) -> tuple[float, Floats]:
        chance = soft(group, table @ weights)
        hit = np.maximum(np.add.reduceat(np.where(good, chance, 0.0), starts), 1e-12)
        pull = chance - np.where(good, chance, 0.0) / hit[group]
        return -(share * np.log(hit)).sum() + RIDGE / 2 * weights @ weights, (
            share[group] * pull
        ) @ table + RIDGE * weights

    found = minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B").x
    return dict(zip(names, found.tolist(), strict=True))


def apply(texts: Sequence[Text], measure: Callable[[Text], dict[str, Floats]], weights: dict[str, float]) -> None:
    """Score the candidates of texts by one model."""
    for text in texts:
        measured = measure(text)
        text.score = sum((weights[name] * measured[name] for name in weights), np.zeros(len(text.pool)))


def fit_all(texts: Sequence[Text], unseen: Sequence[Text]) -> tuple[dict[str, dict[str, float]], list[Floats]]:
    """Fit both models on some texts, and score others by them: alone, then together."""
    models, scores = {}, []
    for name, measure in (("alone", alone), ("scene", together)):
        models[name] = fit(texts, measure)
        apply([*texts, *unseen], measure, models[name])
        scores.append([text.score for text in unseen])
    return models, scores


def accuracy(texts: Sequence[Text], scores: Sequence[Floats]) -> dict[str, float]:
    """Give the share of mentions whose first candidate is right, for each corpus."""
    hits: dict[str, list[bool]] = {}
    for text, score in zip(texts, scores, strict=True):
        for own, _, good in text.mentions:
            hits.setdefault(text.corpus, []).append(bool(good.any()) and bool(good[np.argmax(score[own])]))
    return {corpus: round(100 * float(np.mean(hit)), 1) for corpus, hit in hits.items()}


def sureness(texts: Sequence[Text], scores: Sequence[Floats]) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Give, for each mention that is known, the log odds of its first candidate and whether that is right."""
    odds, right = [], []
    for text, score in zip(texts, scores, strict=True):
        order = np.lexsort((text.pool.row, -score, text.pool.asked))
        pool = text.pool.take(order)
        sure = log_odds(at_one_spot(pool, soft(text.pool.asked, score)[order]))
        for own, _, good in text.mentions:
            if len(good) and pool.loose[own][0] == 0:
                odds.append(sure[own][0])
                right.append(bool(good[order[own][0] - own.start]))
    return np.array(odds), np.array(right)


def calibrate(odds: Floats, right: npt.NDArray[np.bool_]) -> dict[str, float]:
    """Say how often a first candidate of such odds is right: a rising scale through some points, straight between."""
    points = np.quantile(odds, np.linspace(0, 1, POINTS))
    points = points[np.r_[True, np.diff(points) > 1e-3]]
    # Hat functions on the points: least squares for the shares between them, then pooled where the scale would fall.
    hats = np.array([np.interp(odds, points, row) for row in np.eye(len(points))]).T
    shares = isotonic_regression(lsq_linear(hats, right.astype(float), (0.02, 0.98)).x, weights=hats.sum(axis=0)).x
    confidence = np.interp(odds, points, shares)
    for low in np.arange(0, 1, 0.1):
        within = (confidence >= low) & (confidence < low + 0.1)
        if within.any():
            print(f"    said {confidence[within].mean():.2f}, right {right[within].mean():.2f} of {within.sum()}")
    return {f"{at:.3f}": float(share) for at, share in zip(points, shares, strict=True)}


def main() -> None:
    """Fit, say how good it is on unseen texts, and write the weights."""
    texts = [text for path in sorted(Path(sys.argv[1]).glob("*.jsonl")) for text in read(path)]
    most = {corpus: [] for corpus in dict.fromkeys(text.corpus for text in texts)}
    for text in texts:
        most[text.corpus] += [bool(good.any()) for _, _, good in text.mentions]
    print("at most   ", {corpus: round(100 * float(np.mean(hit)), 1) for corpus, hit in most.items()})
    turn = np.random.default_rng(7).integers(0, TURNS, len(texts))
    unseen: list[list[Floats]] = [[np.zeros(0)] * len(texts) for _ in range(2)]
    for number in range(TURNS):
        own = np.flatnonzero(turn == number)
        _, scores = fit_all([texts[i] for i in np.flatnonzero(turn != number)], [texts[i] for i in own])
        for place, stage in zip(unseen, scores, strict=True):
            for i, score in zip(own, stage, strict=True):
                place[i] = score
    for name, scores in zip(("alone     ", "scene     "), unseen, strict=True):
        print(name, accuracy(texts, scores))
    models, _ = fit_all(texts, [])
    for name, scores in (("alone confidence", unseen[0]), ("scene confidence", unseen[-1])):
        print(name)
        models[name] = calibrate(*sureness(texts, scores))
    write(models)


def write(models: dict[str, dict[str, float]]) -> None:
    """Write the weights, keeping those that were set by hand."""
    path = HERE / "weights.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        by_hand = [row for row in csv.DictReader(lines) if row["model"] in BY_HAND]
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, ["model", "measure", "weight"], lineterminator="\n")
        table.writeheader()
        for model, weights in models.items():
            table.writerows({"model": model, "measure": m, "weight": round(w, 4)} for m, w in weights.items())
        table.writerows(by_hand)


if __name__ == "__main__":
    main()
