"""What a text says happened, and what it says went where."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

import geo
from geo.config import SAMPLE
from geo.news.events import Passages, Told, find_happenings, find_movements, same_events, told_movement
from geo.news.events.tables import any_of, forms, rows
from geo.news.types import Mention, Span, When
from geo.timeline import parse_date
from geo.types import Place
from tests.conftest import ROOT

GOLDEN = [
    json.loads(line)
    for line in (ROOT / "tests" / "golden" / "news_events.jsonl").read_text(encoding="utf-8").splitlines()
]
COUNTRIES = {
    "Russia": "RU", "Syria": "SY", "Japan": "JP", "South Korea": "KR", "North Korea": "KP", "United States": "US",
    "China": "CN", "Iran": "IR", "Libya": "LY", "Ukraine": "UA", "South Sudan": "SS", "Tibet": "CN",
}  # fmt: skip
WITHIN = {"Omsk": "RU", "Damascus": "SY", "Vladivostok": "RU", "Busan": "KR"}


def place(name: str) -> Place:
    kind = "country" if name in COUNTRIES else "city"
    country = COUNTRIES.get(name) or WITHIN.get(name, "")
    spot = sum(ord(letter) * 7 ** (n % 4) for n, letter in enumerate(name.casefold()))
    return Place(f"test:{name}", name, spot % 340 - 170, spot % 140 - 70, kind, country, 10, 0.9, name)


def spans(text: str, words: list[str]) -> list[Span]:
    found, after = [], 0
    for word in words:
        start = text.index(word, after)
        after = start + len(word)
        found.append(Span(start, after))
    return found


def split(words: str) -> list[str]:
    return [word.strip() for word in words.split(",") if word.strip()]


def mentions_in(text: str, places: str) -> list[Mention]:
    named = [word.partition("=")[::2] for word in split(places)]
    return [
        Mention(start, end, text[start:end], 0.9, role or "place", place(name))
        for (name, role), (start, end) in zip(named, spans(text, [name for name, _ in named]), strict=True)
    ]


def dates_in(text: str, words: list[str]) -> list[When]:
    return [When(start, end, text[start:end], None, "a day") for start, end in spans(text, words)]


def sentences_of(text: str) -> list[Span]:
    ends = [match.end() for match in re.finditer(r"(?<!\bMr)(?<!\bSt)[.?!][”\"]?(?=\s|$)", text)]
    starts = [0, *(end + 1 for end in ends)]
    return [Span(start, end) for start, end in zip(starts, ends, strict=False)]


def read(case: dict) -> tuple[list[str], list[str]]:
    text = case["text"]
    dates = list(split(case["dates"]))
    passages = Passages(
        text,
        sentences=sentences_of(text),
        mentions=mentions_in(text, case["places"]),
        dates=dates_in(text, dates),
    )
    happened = [
        f"{found.kind} @ {found.scene.surface if found.scene else '-'} @ {found.when.words if found.when else '-'}"
        f" @ {found.stance}"
        for found in find_happenings(passages)
    ]
    return happened, [as_golden(found) for found in find_movements(passages)]


def as_golden(found) -> str:
    ends = " > ".join(end.surface if end else "-" for end in (found.origin, found.destination))
    via = ", ".join(stop.surface for stop in found.via)
    amount = f"{found.quantity:g}" if found.quantity and found.quantity < 1e6 else f"{found.quantity or 0:.0f}"
    quantity = "-" if found.quantity is None else f"{amount} {found.unit}"
    return re.sub(r"\s+", " ", f"{ends} | {via} | {found.mode} | {quantity} | {found.cargo or '-'} | {found.stance}")


@pytest.mark.parametrize("case", GOLDEN, ids=[case["text"][:60] for case in GOLDEN])
def test_golden_sentences(case):
    happened, moved = read(case)
    assert sorted(happened) == sorted(case["happened"])
    assert sorted(moved) == sorted(re.sub(r"\s+", " ", line) for line in case["moved"])


def found_in(text: str, places: str, dates: str = ""):
    passages = Passages(
        text,
        sentences=sentences_of(text),
        mentions=mentions_in(text, places),
        dates=dates_in(text, split(dates)),
    )
    return find_happenings(passages), find_movements(passages)


@pytest.mark.parametrize("case", GOLDEN, ids=[case["text"][:60] for case in GOLDEN])
def test_titles_are_the_words_of_the_text(case):
    text = case["text"]
    happened, moved = found_in(text, case["places"], case["dates"])
    for found in [*happened, *moved]:
        assert 0 < len(found.title) <= 90
        assert found.title in " ".join(text.split())
        assert " ".join(text[slice(*found.trigger)].split()) in found.title
        assert 0 < found.confidence <= 1


def test_the_surer_the_words_the_higher_the_confidence():
    told = [
        "Gunmen attacked a police post in Quetta on Monday.",
        "Gunmen attacked a police post in Quetta on Monday, officials said.",
        "Gunmen allegedly attacked a police post in Quetta on Monday.",
        "Gunmen may attack a police post in Quetta on Monday.",
    ]
    found = [found_in(text, "Quetta", "Monday")[0][0] for text in told]
    assert [event.stance for event in found] == ["fact", "claim", "claim", "intention"]
    sure = [event.confidence for event in found]
    assert sure == sorted(sure, reverse=True)
    assert len(set(sure)) == 4


def test_those_who_took_part_are_named_as_written():
    event = found_in("North Korean officials met Anton Vale in Hanoi.", "North Korean=demonym, Hanoi")[0][0]
    assert event.who == ("North Korean officials", "Anton Vale")


@pytest.mark.parametrize(
    ("text", "places", "who"),
    [
        ("Nobody attacked Quetta.", "Quetta", ()),
        ("None of the officials met Anton Vale in Hanoi.", "Hanoi", ("Anton Vale",)),
        ("Leaders met in Kazan in May for the BRICS summit.", "Kazan", ("Leaders", "BRICS")),
        ("Banks in Serbia accused of fraud attacked the ruling in Nis.", "Serbia=metonym, Nis", ()),
        ("The embassy of Iran was bombed in Damascus.", "Iran=metonym, Damascus", ()),
        ("ENVOYS MEET ANTON VALE IN HANOI", "HANOI", ()),
    ],
)
def test_what_is_nobodys_name_takes_no_part(text, places, who):
    assert [event.who for event in found_in(text + ".", places)[0]] == [who]


@pytest.mark.parametrize(
    ("text", "carrier"),
    [
        ("The vessel “Blue Star” sailed from Nampo to Busan.", "Blue Star"),
        ("A Russian ship sailed from Nampo to Busan.", "Russian ship"),
        ("The coal went by train from Nampo to Busan.", ""),
    ],
)
def test_carriers(text, carrier):
    assert found_in(text, "Nampo, Busan")[1][0].carrier == carrier


def test_legs_that_follow_one_another():
    moved = found_in("She travelled from Ankara to Doha and then to Muscat.", "Ankara, Doha, Muscat")[1]
    assert [(leg.origin.surface, leg.destination.surface) for leg in moved] == [("Ankara", "Doha"), ("Doha", "Muscat")]


def test_each_leg_takes_the_date_nearest_to_where_it_goes():
    text = "He left Rome for Bern in 1991, then moved to Riga, and in 2004 to Oslo. He flew to Bern and Riga in May."
    legs = found_in(text, "Rome, Bern, Riga, Oslo, Bern, Riga", "1991, 2004, May")[1]
    assert [(leg.destination.surface, leg.depart and leg.depart.words) for leg in legs] == [
        ("Bern", "1991"), ("Riga", None), ("Oslo", "2004"), ("Bern", "May"), ("Riga", "May"),
    ]  # fmt: skip


def test_what_takes_a_country_for_the_origin_is_less_sure():
    told = ["Rockets were shipped from Iran to Tartus.", "Iran shipped rockets to Tartus."]
    said, sent = (found_in(text, "Iran, Tartus")[1][0] for text in told)
    assert (said.origin.surface, sent.origin.surface) == ("Iran", "Iran")
    assert sent.confidence < said.confidence


def test_what_somebody_says_elsewhere_is_not_at_the_dateline():
    text = "OMSK — The union opened a fair. Busan condemned the move on Monday."
    sites = {name: replace(place(name), country=code) for name, code in (("OMSK", "RU"), ("Busan", "KR"))}
    passages = Passages(
        text,
        sentences=sentences_of(text),
        mentions=[
            Mention(text.index(name), text.index(name) + len(name), name, 0.9, role, sites[name])
            for name, role in (("OMSK", "place"), ("Busan", "metonym"))
        ],
        dates=dates_in(text, ["Monday"]),
    )
    assert [event.scene for event in find_happenings(passages)] == [None]


def test_departure_and_arrival_have_their_own_dates():
    text = "The tanker left Basra on 1 May and arrived in Busan on 20 May."
    leg = found_in(text, "Basra, Busan", "1 May, 20 May")[1][0]
    assert (leg.depart.words, leg.arrive.words) == ("1 May", "20 May")


def test_since_when_something_lasts_is_not_when_something_happened():
    text = "The ship Angara, under US sanctions since May 2022, docked at Dunay on Thursday."
    assert found_in(text, "Dunay", "since May 2022, Thursday")[1][0].arrive.words == "Thursday"
    moved = found_in("Since May 2022, ships have sailed from Busan to Omsk.", "Busan, Omsk", "Since May 2022")[1][0]
    assert moved.depart.words == "Since May 2022"


def test_a_date_after_arriving_is_that_of_the_arrival():
    text = "The ship sailed to Busan on May 1, arriving on May 5."
    leg = found_in(text, "Busan", "May 1, May 5")[1][0]
    assert (leg.depart.words, leg.arrive.words) == ("May 1", "May 5")


def test_letters_whose_small_form_is_longer_move_no_offset():
    text = "İİİ said nothing. Gunmen attacked a post in İzmir."
    event = found_in(text, "İzmir")[0][0]
    assert text[slice(*event.trigger)] == "attacked"


@given(st.text(max_size=200))
def test_any_text_can_be_read(text):
    text += " Gunmen attacked Oslo. A ship sailed from Oslo to Riga " + text
    known = {
        "sentences": [Span(0, len(text))],
        "mentions": [
            Mention(match.start(), match.end(), match.group(), 0.9, "place", place(match.group()))
            for match in re.finditer("Oslo|Riga", text)
        ],
        "dates": [],
    }
    passages = Passages(text, **known)
    found = [*find_happenings(passages), *find_movements(passages)]
    assert found
    assert all(one.sentence.start <= one.trigger.start < one.trigger.end <= one.sentence.end for one in found)


def test_a_table_without_full_stops_is_not_read():
    text = "Gunmen attacked Oslo and " * 200
    assert found_in(text, "Oslo") == ([], [])


def told(
    kind="attack", spot="Quetta", day="2024-03-12", words="gunmen attack police post", document="a", **rest
) -> Told:
    where = (place(spot) if spot else None,)
    return Told(kind, where, parse_date(day) if day else None, frozenset(words.split()), document, **rest)


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (told(words="attack on police", document="b"), True),
        (told(day="2024-03-13", words="gunmen attack post", document="b", anchored=True), True),
        (told(day="2024-03-13", words="gunmen attack post", document="b"), False),
        (told(day="2024-03-13", words="gunmen attack post", document="b", anchored=True, by_month=True), False),
        (told(day="2024-03-13", words="gunmen attack post", anchored=True), False),
        (told(document="b", denied=True), False),
        (told(day="2024-03", words="gunmen attack police", document="b"), True),
        (told(day="2024-03-16", document="b"), False),
        (told(spot="Tucson", document="b"), False),
        (told(kind="arrest", document="b"), False),
        (told(spot="", day="", words="attack condemned by council", document="b"), False),
    ],
)
def test_what_is_the_same_event(other, same):
    assert (len(same_events([told(), other])) == 1) == same


@pytest.mark.parametrize(
    ("body", "joined"),
    [
        ("Gunmen opened fire on a bus in Quetta on Tuesday.", True),
        ("Gunmen opened fire on a bus in Quetta on 3 May 2011.", False),  # what happened before
        ("Gunmen opened fire on a bus in Kabul on Tuesday.", False),
    ],
)
def test_a_headline_is_one_telling_of_what_its_text_tells_of_its_day(body, joined):
    found = geo.extract(f"Attack on bus in Pakistan\n\n{body} Nobody else was hurt.", published="2024-03-15")
    assert len(found.events) == (1 if joined else 2), found.events["title"].tolist()
    if joined:
        assert found.events["start"].notna().all()
        assert "Attack on bus in Pakistan" in found.events["note"].iloc[0]


tellings = st.builds(
    told,
    kind=st.sampled_from(["attack", "arrest"]),
    spot=st.sampled_from(["Quetta", "Tucson", ""]),
    day=st.sampled_from(["2024-03-11", "2024-03-12", "2024-03-13", "2024-03", ""]),
    words=st.lists(st.sampled_from(["gunmen", "attack", "police", "post", "bomb", "market"]), min_size=1).map(" ".join),
    document=st.sampled_from("abc"),
    denied=st.booleans(),
    anchored=st.booleans(),
)


@given(st.lists(tellings, max_size=9, unique=True), st.randoms(use_true_random=False))
def test_the_order_of_documents_makes_no_difference(all_told, random):
    shuffled = random.sample(all_told, len(all_told))
    groups = {frozenset(all_told[n] for n in group) for group in same_events(all_told)}
    assert groups == {frozenset(shuffled[n] for n in group) for group in same_events(shuffled)}
    assert sorted(n for group in same_events(all_told) for n in group) == list(range(len(all_told)))


@given(st.lists(tellings, max_size=9))
def test_grouping_a_group_again_changes_nothing(all_told):
    for group in same_events(all_told):
        assert len(same_events([all_told[n] for n in group])) == 1


def test_a_movement_told_twice_is_one():
    first = found_in("A tanker sailed from Nampo to Busan on 1 May.", "Nampo, Busan", "1 May")[1][0]
    second = found_in("The tanker sailed from Nampo to Busan with coal.", "Nampo, Busan")[1][0]
    third = found_in("The tanker sailed from Busan to Nampo with coal.", "Busan, Nampo")[1][0]
    assert same_events([told_movement(leg, name) for leg, name in ((first, "a"), (second, "b"), (third, "c"))]) == [
        [0, 1],
        [2],
    ]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("The tanker Orel sailed from Nampo to Busan.", "The tanker Lena sailed from Nampo to Busan."),
        ("A ship took 1,000 tons of coal from Nampo to Busan.", "A ship took 9,000 tons of coal from Nampo to Busan."),
        ("A tanker sailed from Nampo to Busan.", "No tanker sailed from Nampo to Busan."),
    ],
)
def test_another_ship_another_amount_and_a_denial_are_told_apart(first, second):
    legs = [found_in(text, "Nampo, Busan")[1][0] for text in (first, second)]
    assert len(same_events([told_movement(leg, "a") for leg in legs])) == 2
    assert len(same_events([told_movement(legs[0], name) for name in "ab"])) == 1


def test_what_a_text_tells_again_and_again_is_one_event():
    told = told_movement(found_in("A tanker sailed from Nampo to Busan.", "Nampo, Busan")[1][0], "a")
    assert same_events([told] * 20_000) == [list(range(20_000))]


@pytest.mark.parametrize(
    ("words", "day", "stance"),
    [("on Monday", "2024-05-20", "fact"), ("on 29 June", "2024-06-29", "intention"), ("tomorrow", "", "intention")],
)
def test_what_lies_after_the_day_of_publication_is_no_fact(words, day, stance):
    text = f"Leaders meet in Madrid {words}, and a ship leaves Basra {words}."
    start, again = text.index(words), text.rindex(words)
    dates = [When(at, at + len(words), words, parse_date(day) if day else None) for at in (start, again)]
    passages = Passages(text, sentences=sentences_of(text), mentions=mentions_in(text, "Madrid, Basra"), dates=dates)
    found = [read(passages, published=parse_date("2024-05-20")) for read in (find_happenings, find_movements)]
    assert [[one.stance for one in kind] for kind in found] == [[stance], [stance]]


@pytest.mark.parametrize("verb", ["arrest", "flee", "ship", "carry", "seize", "blow up"])
def test_forms_of_verbs(verb):
    wanted = {
        "arrest": "arrests arrested arresting",
        "flee": "flees fled fleeing",
        "ship": "ships shipped shipping",
        "carry": "carries carried carrying",
        "seize": "seizes seized seizing",
        "blow up": "",
    }
    assert set(wanted[verb].split()) <= set(forms(verb))
    assert verb != "blow up" or "blew up" in forms(verb)


@pytest.mark.parametrize(
    ("name", "columns"),
    [("triggers", ["needs", "unless"]), ("movements", ["needs", "unless"]), ("kinds", ["unless", "still", "never"])],
)
def test_every_cell_of_words_is_a_pattern(name, columns):
    cells = {row[column] for row in rows(name) for column in columns} - {""}
    assert cells
    assert not any(any_of(cell).search("") for cell in cells)


def test_every_table_speaks_of_kinds_there_are():
    kinds = {row["kind"] for row in rows("kinds")}
    assert {row["kind"] for row in rows("triggers")} == kinds
    assert {kind for row in rows("scene") for kind in row["kinds"].split("|")} <= kinds | {"*"}
    with (SAMPLE / "events.csv").open(encoding="utf-8", newline="") as lines:
        used = {row["kind"] for row in csv.DictReader(lines)}
    assert used <= kinds | {row["broader"] for row in rows("kinds")} | {"asylum"}
