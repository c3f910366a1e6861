"""Fit the trees that tell mentions of places: `python data/news/mentions/fit.py FOLDER` from the root of the repo.

FOLDER holds texts in which somebody marked the places, as JSON lines, a file a corpus: `{"text", "toponyms": [{"start",
"end"}]}`; our own `examples.txt` is read besides. Needs scikit-learn, a build-time requirement. Prints for each corpus
precision, recall and F1 on texts that the trees have not seen, in five turns, and writes `trees.csv`. Nothing of the
texts gets into it but the limits of the measures.
"""

from __future__ import annotations

import csv
import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.model_selection import GroupKFold

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent.parent))

from geo.news.mentions.features import Features, measure  # noqa: E402
from geo.news.mentions.find import apart  # noqa: E402
from geo.news.mentions.known import KnownNames, find_known  # noqa: E402
from geo.news.mentions.words import Floats, Words  # noqa: E402
from geo.places.finder import default_finder  # noqa: E402

TURNS = 5
TREES = 150
LEAST = (0.3, 0.4, 0.5)
EXAMPLES = HERE / "examples.txt"
AROUND = 4  # characters of an article before a name that may be marked with it


def boosted() -> HistGradientBoostingClassifier:
    """Give the model, still to be fitted."""
    return HistGradientBoostingClassifier(
        max_iter=TREES,
        learning_rate=0.08,
        max_depth=6,
        max_leaf_nodes=16,
        min_samples_leaf=20,
        l2_regularization=5.0,
        early_stopping=False,
        random_state=0,
    )


def example(marked: str) -> dict[str, Any]:
    """Take the brackets off one of our examples, and note what stood in them."""
    parts = re.split(r"[\[\]]", marked.strip())
    ends = np.cumsum([len(part) for part in parts]).tolist()
    places = [{"start": ends[n] - len(parts[n]), "end": ends[n]} for n in range(1, len(parts), 2)]
    return {"text": "".join(parts), "toponyms": places, "corpus": "examples"}


class Marked:
    """Texts of all corpora put one after the other, with their known names and which of them are marked."""

    def __init__(self, folder: Path) -> None:
        self.texts: list[dict[str, Any]] = []
        for path in sorted(folder.glob("*.jsonl")):
            with path.open(encoding="utf-8") as lines:
                self.texts += [json.loads(line) | {"corpus": path.stem} for line in lines]
        self.texts += [example(text) for text in EXAMPLES.read_text(encoding="utf-8").split("\n\n") if text.strip()]
        words = Words.of([text["text"] for text in self.texts])
        self.starts = words.text_starts
        self.known: KnownNames = find_known(words, default_finder().facts)
        self.of = words.owner[self.known.first]
        self.features: Features = measure(self.known)
        self.marked = self._labels()

    def _labels(self) -> Floats:
        starts, ends = self.known.starts, self.known.ends
        label = np.zeros(len(starts))
        for number, text in enumerate(self.texts):
            own = np.flatnonzero(self.of == number)
            for one in text["toponyms"]:
                start, end = self.starts[number] + one["start"], self.starts[number] + one["end"]
                over = own[(starts[own] < end) & (ends[own] > start)]
                exact = over[(starts[over] == start) & (ends[over] >= end - 1) & (ends[over] <= end)]
                inside = over[(starts[over] >= start - AROUND) & (ends[over] <= end + 1)]
                if len(exact):
                    label[exact] = 1.0
                elif len(inside):  # a part of what is marked, where the whole is not known
                    label[inside[np.argmax(ends[inside] - starts[inside])]] = 1.0
        return label

    def scores(self, certainty: Floats, least: float) -> Iterable[str]:
        """Say for each corpus how many mentions were right and how many of the marked ones were found."""
        counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
        taken = np.array(apart(self.known, certainty, least))
        for number, text in enumerate(self.texts):
            base = self.starts[number]
            own = taken[self.of[taken] == number]
            free = [(base + one["start"], base + one["end"]) for one in text["toponyms"]]
            ignored = [(base + one["start"], base + one["end"]) for one in text.get("ignore", [])]
            count = counts[text["corpus"]]
            count[2] += len(free)
            for start, end in zip(self.known.starts[own], self.known.ends[own], strict=True):
                met = next((one for one in free if one[0] < end and one[1] > start), None)
                if met is not None:
                    free.remove(met)
                    count[0] += 1
                    count[1] += 1
                elif not any(one[0] < end and one[1] > start for one in ignored):
                    count[1] += 1
        for corpus, (right, said, there) in counts.items():
            yield f"{corpus} {right / said:.3f} {right / there:.3f} {2 * right / (said + there):.3f}"


def write(model: HistGradientBoostingClassifier, names: list[str]) -> None:
    """Write the trees down, node by node."""
    with (HERE / "trees.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(["tree", "measure", "limit", "left", "right", "value"])
        rows.writerow([-1, "", "", "", "", f"{float(model._baseline_prediction.ravel()[0]):.5f}"])
        for number, (tree,) in enumerate(model._predictors):
            for node in tree.nodes:
                if node["is_leaf"]:
                    rows.writerow([number, "", "", "", "", f"{node['value']:.5f}"])
                else:
                    limit = f"{np.float32(node['num_threshold']):.9g}"
                    rows.writerow([number, names[node["feature_idx"]], limit, node["left"], node["right"], ""])


def main() -> None:
    """Fit, print what comes out on texts not seen, and write the trees."""
    marked = Marked(Path(sys.argv[1]))
    names = list(marked.features)
    table = np.column_stack([marked.features[name] for name in names]).astype(np.float32)
    print(f"{len(table):,} known names, {marked.marked.sum():,.0f} marked, {len(names)} measures")
    certainty = np.zeros(len(table))
    for seen, unseen in GroupKFold(TURNS).split(table, groups=marked.of):
        model = boosted().fit(table[seen], marked.marked[seen])
        certainty[unseen] = model.predict_proba(table[unseen])[:, 1]
    for least in LEAST:
        print(f"from {least:.0%} sure:", "; ".join(marked.scores(certainty, least)))
    write(boosted().fit(table, marked.marked), names)


if __name__ == "__main__":
    main()
