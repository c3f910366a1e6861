"""Which words of a text name places: with the bundled gazetteer and the bundled model, on sentences of our own."""

from __future__ import annotations

import csv
from itertools import groupby

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import OptionError
from geo.news.mentions.find import find_mentions
from geo.news.mentions.recognisers import recogniser
from geo.news.mentions.roles import role_of
from geo.news.mentions.trees import FILE, read_trees
from geo.news.read import LEAST_SURE, read_through, sureness
from geo.news.types import Document
from geo.places import default_finder

FACTS = default_finder().facts


def named(text: str, *, least: float = 0.4) -> list[str]:
    return [mention.surface for mention in find_mentions([text], facts=FACTS, least=least)[0]]


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("The ship left Najin on Tuesday and reached Dunay, near Vladivostok, a day later.", "Najin Dunay Vladivostok"),
        ("Officials in Seoul said the train had crossed into Russia at Khasan.", "Seoul Russia Khasan"),
        ("He was born in Columbus, Ohio, and now lives in Paris, Texas.", "Columbus Ohio Paris Texas"),
        ("Flights between Tashkent and Seoul resume in June.", "Tashkent Seoul"),
        ("The U.S. Navy tracked the tanker across the Bering Sea.", "U.S. Bering~Sea"),
        ("Trawlers from Busan, Pohang and Sokcho waited off Dokdo.", "Busan Pohang Sokcho Dokdo"),
        ("The talks moved from Geneva to New York City last week.", "Geneva New~York~City"),
        ("Guinea-Bissau closed its border with Senegal.", "Guinea-Bissau Senegal"),
    ],
)
def test_places_are_found(text, places):
    assert named(text) == [place.replace("~", " ") for place in places.split()]


@pytest.mark.parametrize(
    ("text", "no_place"),
    [
        ("Paris Hilton opened the shop and left.", "Paris"),
        ("Mr. Houston said he would appeal. Houston has three children.", "Houston"),
        ("President Lincoln spoke for two minutes.", "Lincoln"),
        ("The New York Times reported the deal on Monday.", "New York"),
        ("She told her friend Florence that she was tired.", "Florence"),
        ("Nice weather is expected. Reading is good for you.", "Nice"),
        ("Nice weather is expected. Reading is good for you.", "Reading"),
        ("Sandy Martin and Jordan Peterson won the doubles.", "Jordan"),
        ("SUBSCRIBE to our newsletter. Photo: Chester Green / Getty Images", "Chester"),
        ("You can read more about it in March.", "March"),
    ],
)
def test_names_of_persons_papers_and_common_words_are_no_places(text, no_place):
    assert no_place not in named(text)


def test_one_name_in_one_text_is_one_thing():
    text = "Jackson was arrested on Friday. Police said that Samuel Jackson, 40, had a knife. Jackson denies it."
    assert "Jackson" not in named(text)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("북한 선박이 나진항에서 러시아로 떠났다고 서울의 관리가 말했다.", ["북한", "나진항", "러시아", "서울"]),
        ("Судно вышло из Раджина и прибыло во Владивосток. В Москве молчат.", ["Раджина", "Владивосток", "Москве"]),
        ("Президент Владимир Путин посетил Северную Корею.", ["Северную Корею"]),
        ("俄罗斯货船从罗津驶往北京。", ["俄罗斯", "罗津", "北京"]),
        ("ロシアの船は羅津からウラジオストクへ向かった。", ["ロシア", "羅津", "ウラジオストク"]),
    ],
)
def test_other_scripts(text, names):
    assert named(text) == names


def test_a_case_ending_is_not_part_of_the_name_looked_up():
    (mention,) = find_mentions(["Поезд стоял в Москве."], facts=FACTS)[0]
    assert (mention.surface, mention.name) == ("Москве", "Москва")
    (reading,) = read_through([Document("Поезд стоял в Москве.")], gazetteer=default_finder())
    assert reading.mentions[0].place.place_id == "geonames:524901"


LETTERS = st.text(alphabet=st.sampled_from(list("abcSMR .,'-\n&’()\"NajinParisof1U.S평양Мо北京\ud55c")), max_size=120)


@settings(max_examples=60, deadline=None)
@given(st.lists(LETTERS, max_size=3))
def test_texts_do_not_see_one_another_and_offsets_hold(texts):
    together = find_mentions(texts, facts=FACTS, least=0.0)
    assert together == [find_mentions([text], facts=FACTS, least=0.0)[0] for text in texts]
    for text, found in zip(texts, together, strict=True):
        end = 0
        for mention in found:
            assert mention.start >= end
            end = mention.end
            assert text[mention.start : end] == mention.surface


def test_nothing_to_read():
    assert find_mentions([], facts=FACTS) == []
    assert find_mentions(["", " \n", "no capital here"], facts=FACTS) == [[], [], []]


def test_roles():
    (reading,) = read_through(
        [Document("Moscow denied it. Officials in Moscow met the Russian envoy. Seoul officials left for Moscow.")],
        gazetteer=default_finder(),
    )
    roles = [(mention.surface, mention.role) for mention in reading.mentions]
    assert roles == [
        ("Moscow", "metonym"),
        ("Moscow", "place"),
        ("Russian", "demonym"),
        ("Seoul", "metonym"),
        ("Moscow", "place"),
    ]
    assert role_of("x", 0, 1, None) == "place"


def test_what_is_not_sure_is_kept_apart():
    text = "Whitney Houston sang. Hope and Commerce are towns. In Seoul it rained."
    (reading,) = read_through([Document(text)], gazetteer=default_finder())
    assert all(sureness(mention) >= LEAST_SURE for mention in reading.mentions)
    assert all(sureness(mention) < LEAST_SURE for mention in reading.passed_over)
    assert "Seoul" in {mention.surface for mention in reading.mentions}


def test_the_trees_answer_as_walks_from_their_roots_would():
    with FILE.open(encoding="utf-8", newline="") as lines:
        base, *rows = csv.DictReader(lines)
    nodes = {tree: list(own) for tree, own in groupby(rows, key=lambda row: row["tree"])}
    trees = read_trees()
    assert len(nodes) == len(trees.trees) >= 50
    limits = {name: [float(row["limit"]) for row in rows if row["measure"] == name] for name in trees.names}
    chosen = np.random.default_rng(0)
    measures = {name: np.float32(chosen.choice([*at, max(at) + 1.0], 40)) for name, at in limits.items()}

    def walked(own: list[dict[str, str]], number: int) -> float:
        node = own[0]
        while node["measure"]:
            goes_left = measures[node["measure"]][number] <= np.float32(node["limit"])
            node = own[int(node["left" if goes_left else "right"])]
        return float(node["value"])

    odds = [float(base["value"]) + sum(walked(own, number) for own in nodes.values()) for number in range(40)]
    assert trees.chance(measures, 40) == pytest.approx(1.0 / (1.0 + np.exp(-np.array(odds))))


def test_a_pipeline_of_spacy(tmp_path):
    spacy = pytest.importorskip("spacy", reason="spaCy is not installed: the verb's --ner is not tested")
    pipeline = spacy.blank("en")
    ruler = pipeline.add_pipe("entity_ruler")
    ruler.add_patterns([{"label": "GPE", "pattern": "Najin"}, {"label": "PERSON", "pattern": "Dunay"}])
    pipeline.to_disk(tmp_path / "tiny")
    find = recogniser(f"spacy:{tmp_path / 'tiny'}")
    text = "It went from Najin to Dunay."
    (reading,) = read_through([Document(text)], gazetteer=default_finder(), find=find)
    assert [(mention.surface, mention.place.place_id) for mention in reading.mentions] == [
        ("Najin", "geonames:2042645")
    ]


@pytest.mark.parametrize("wanted", ["spacy:", "spacy:/no/such/pipeline", "other:x", ""])
def test_no_such_recogniser(wanted):
    with pytest.raises(OptionError, match=r"Give spacy|spaCy"):
        recogniser(wanted)
