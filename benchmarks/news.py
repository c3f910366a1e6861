"""How long it takes to read articles, and how many of the places in them are found where people put them.

    python benchmarks/news.py [FOLDER]

Reads a million characters made of our own examples, as 500 articles and as one, and prints the seconds of each stage,
of the processor and not of the clock, and the memory of the process. FOLDER holds texts with marked places as JSON
lines, a file a corpus (`{"id", "text", "toponyms": [{"start", "end", "lat", "lon"}]}`): then also those seconds, and
precision, recall and F1 within 161 km, a mention being right where it overlaps a marked one and lies as near; marked
places without a point count neither way. The model was fitted on such texts: on the very same ones this flatters;
`data/news/mentions/fit.py` prints what comes out on texts not seen.
"""

from __future__ import annotations

import json
import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from geo.geodesy import distance_km  # noqa: E402
from geo.news.dates import find_dates_in  # noqa: E402
from geo.news.mentions.find import find_mentions  # noqa: E402
from geo.news.read import read_through  # noqa: E402
from geo.news.sentences import split  # noqa: E402
from geo.news.types import Document, Mention  # noqa: E402
from geo.places import default_finder  # noqa: E402

CHARACTERS = 1_000_000
ARTICLES = 500
TURNS = 5
RIGHT_KM = 161.0
EXAMPLES = ROOT / "data" / "news" / "mentions" / "examples.txt"
PUBLISHED = "2024-09-19"


def articles() -> list[Document]:
    """Make articles of our own examples, each of another mixture."""
    parts = EXAMPLES.read_text(encoding="utf-8").replace("[", "").replace("]", "").split("\n\n")
    length, found = CHARACTERS // ARTICLES, []
    for number in range(ARTICLES):
        text = ""
        while len(text) < length:
            text += parts[(number * 7 + len(text)) % len(parts)] + "\n\n"
        found.append(Document(text[:length], published=PUBLISHED))
    return found


def main() -> None:
    """Time the stages, and score the marked texts."""
    finder = default_finder()
    many = articles()
    one = [Document("\n\n".join(document.text for document in many), published=PUBLISHED)]
    for name, documents in (("500 articles", many), ("one text", one)):
        texts = [document.text for document in documents]
        size = sum(map(len, texts)) / 1e6
        stages: dict[str, Callable[[], Any]] = {
            "mentions": lambda texts=texts: find_mentions(texts, facts=finder.facts),
            "dates": lambda texts=texts: find_dates_in(texts, published=[None] * len(texts)),
            "sentences": lambda texts=texts: [split(text) for text in texts],
            "all": lambda documents=documents: list(read_through(documents, gazetteer=finder)),
        }
        for stage, run in stages.items():
            print(f"{name}, {stage}: {seconds(run) / size:.2f} s per million characters")
    print(f"memory of the process at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    if len(sys.argv) > 1:
        for path in sorted(Path(sys.argv[1]).glob("*.jsonl")):
            with path.open(encoding="utf-8") as lines:
                score(path.stem, [json.loads(line) for line in lines])


def seconds(run: Callable[[], Any]) -> float:
    """Give the median of several runs, in seconds of the processor."""
    taken = []
    for _ in range(TURNS):
        start = time.process_time()
        run()
        taken.append(time.process_time() - start)
    return statistics.median(taken)


def score(corpus: str, texts: Sequence[dict[str, Any]]) -> None:
    """Print how many mentions were right, how many of the marked ones were found, and how long reading took."""
    documents = [Document(text["text"], published=PUBLISHED) for text in texts]
    size = sum(len(document.text) for document in documents) / 1e6
    taken = seconds(lambda: list(read_through(documents, gazetteer=default_finder())))
    readings = read_through(documents, gazetteer=default_finder())
    right = said = there = 0
    for text, reading in zip(texts, readings, strict=True):
        marked = [one for one in text["toponyms"] if one.get("lat") is not None]
        others = [one for one in text["toponyms"] if one.get("lat") is None] + text.get("ignore", [])
        there += len(marked)
        for mention in reading.mentions:
            hit = next((one for one in overlapping(mention, marked) if is_near(mention, one)), None)
            if hit is not None:
                marked.remove(hit)
                right += 1
            if hit is not None or not any(overlapping(mention, others)):
                said += 1
    found = f"precision {right / said:.1%}, recall {right / there:.1%}, F1 {2 * right / (said + there):.1%}"
    print(f"{corpus}: {found}, {taken / size:.2f} s per million characters")


def overlapping(mention: Mention, marked: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Give the marked places that share a letter with a mention."""
    return (one for one in marked if one["start"] < mention.end and one["end"] > mention.start)


def is_near(mention: Mention, one: dict[str, Any]) -> bool:
    """Whether a mention was found within 161 km of where people put it."""
    return mention.place is not None and distance_km(mention.place.lonlat, (one["lon"], one["lat"])) < RIGHT_KM


if __name__ == "__main__":
    main()
