"""Online geocoders against a server of this machine that speaks Nominatim's JSON: polite, kept on disk, never raw."""

from __future__ import annotations

import json
import logging
import re
import sqlite3
import ssl
import threading
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlparse

import pytest
from geopy import exc
from geopy.geocoders import GoogleV3, Nominatim, Photon
from geopy.location import Location

from geo.errors import CountryError, GeoError, OnlineError, ReadError, SaveError
from geo.geodesy import distance_km
from geo.places.online import OnlineChain, cache, with_online
from geo.places.online.service import check_user_agent
from geo.types import Place

TRUSTED = ssl.create_default_context()  # made once: it takes longer than an answer
AGENT = "harbour-study (ann@uni.edu)"
DUNAY = {
    "place_id": 100149,
    "licence": "Data © OpenStreetMap contributors, ODbL 1.0. http://osm.org/copyright",
    "osm_type": "way",
    "osm_id": 123,
    "boundingbox": ["42.80", "42.90", "132.30", "132.40"],
    "lat": "42.85",
    "lon": "132.35",
    "name": "Dunay",
    "display_name": "Dunay, Fokino, Primorsky Krai, Russia",
    "class": "boundary",
    "type": "administrative",
    "addresstype": "town",
    "address": {"town": "Dunay", "country": "Russia", "country_code": "ru"},
}
OFFLINE = Place(
    place_id="geonames:1",
    name="Najin",
    lon=130.3,
    lat=42.2,
    kind="city",
    country="KP",
    radius_km=3.0,
    confidence=0.9,
    matched="Najin",
)


class Server:
    """What it answers by name asked for, and what it was asked."""

    def __init__(self):
        self.answers = {"Dunay": [DUNAY]}
        self.queries, self.headers = [], []
        self.status, self.text, self.wait_s = 200, None, 0.0
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                query = {name: values[0] for name, values in parse_qs(urlparse(self.path).query).items()}
                server.queries.append(query)
                server.headers.append(dict(self.headers))
                time.sleep(server.wait_s)
                text = json.dumps(server.answers.get(query["q"], [])) if server.text is None else server.text
                self.send_response(server.status)
                self.send_header("Retry-After", "7")
                self.end_headers()
                with suppress(BrokenPipeError):
                    self.wfile.write(text.encode())

            def log_message(self, *_):
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.http.serve_forever, args=(0.01,), daemon=True).start()
        self.domain = f"127.0.0.1:{self.http.server_port}"

    @property
    def asked(self):
        return [query["q"] for query in self.queries]

    def geocoder(self):
        return Nominatim(domain=self.domain, scheme="http", proxies={}, ssl_context=TRUSTED)

    def close(self):
        self.http.shutdown()
        self.http.server_close()


@pytest.fixture
def server():
    running = Server()
    yield running
    running.close()


@pytest.fixture
def other():
    running = Server()
    yield running
    running.close()


@pytest.fixture
def chain(server, tmp_path):
    return chained(tmp_path, server.geocoder())


def chained(folder, *geocoders, min_delay_s=0.0, timeout_s=2.0):
    return OnlineChain(
        geocoders, cache=folder / "online.sqlite", user_agent=AGENT, min_delay_s=min_delay_s, timeout_s=timeout_s
    )


# The answer


def test_an_answer_says_what_where_and_from_whom(chain):
    answer = chain.ask("Dunay", country="ru")
    place = answer.place
    assert place is not None
    assert (place.place_id, place.name, place.kind, place.country) == ("nominatim:osm-way-123", "Dunay", "town", "RU")
    assert place.lonlat == (132.35, 42.85)
    assert place.radius_km == pytest.approx(distance_km((132.30, 42.80), (132.40, 42.90)) / 2)
    assert (place.confidence, place.matched) == (0.6, DUNAY["display_name"])
    assert place.match == "online"
    assert re.fullmatch(r"nominatim, asked 20\d\d-\d\d-\d\d", place.source)
    assert place.source.endswith(answer.asked_at[:10])
    assert answer.service.startswith("nominatim@127.0.0.1:")
    assert "OpenStreetMap contributors, ODbL" in answer.licence
    assert answer.notices == ()


def test_a_bare_answer_gets_the_stated_defaults(chain, server):
    server.answers["Hope"] = [{"lat": "1.5", "lon": "-2", "display_name": "Esperanza, Nowhere"}]
    place = chain("Hope")
    assert place is not None
    assert re.fullmatch("nominatim:at-[0-9a-f]{12}", place.place_id)
    assert (place.name, place.kind, place.country, place.radius_km) == ("Esperanza", "place", "", 10.0)
    assert place.confidence == 0.4, "an address without the name asked for is doubtful"
    assert place.doubtful


def test_services_that_answer_in_geojson_are_read_too(server, tmp_path):
    properties = {"osm_type": "N", "osm_id": 7, "countrycode": "RU", "name": "Dunay", "osm_value": "town"}
    feature = {"type": "Feature", "geometry": {"type": "Point", "coordinates": [132.35, 42.85]}}
    server.text = json.dumps({"features": [{**feature, "properties": properties}]})
    place = chained(tmp_path, Photon(domain=server.domain, scheme="http", proxies={}))("Dunay")
    assert place is not None
    assert (place.place_id, place.kind, place.country) == ("photon:osm-node-7", "town", "RU")


def test_hints_are_sent_and_kept_apart(chain, server):
    chain.ask("Dunay", country="RU", near=(132.4, 42.9))
    assert server.queries[0]["countrycodes"] == "RU"
    assert server.queries[0]["addressdetails"] == "1", "without it Nominatim tells no country"
    assert server.queries[0]["viewbox"] == "129.0,40.0,135.0,46.0"
    chain.ask("Dunay", country="RU", near=(131.9, 43.2))
    assert len(server.queries) == 1, "neighbours share an answer"
    chain.ask("Dunay")
    assert len(server.queries) == 2
    assert "viewbox" not in server.queries[1]
    chain.ask("Dunay", near=(-179.9, 89.9))
    assert server.queries[2]["viewbox"] == "-180.0,87.0,-177.0,90.0"


def test_an_answer_in_another_country_is_none(chain):
    assert chain.ask("Dunay", country="UA").place is None
    with pytest.raises(CountryError, match="'Ukraine' is no country's code"):
        chain.ask("Dunay", country="Ukraine")


# Kept on disk


def test_nothing_is_asked_twice_not_even_what_is_unknown(chain, server, tmp_path):
    first = chain.ask("Dunay")
    assert chain.ask("Nowhere").place is None
    again = chained(tmp_path, server.geocoder())
    kept = again.ask(" Dunay\n")
    assert (kept.place, kept.asked_at, kept.kept, kept.licence) == (first.place, first.asked_at, True, first.licence)
    assert again.ask("Nowhere").place is None
    assert server.asked == ["Dunay", "Nowhere"]


def aged(folder, days):
    """Make what is kept so much older, and give its date."""
    then = (datetime.now(UTC) - timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")
    with sqlite3.connect(folder / "online.sqlite") as table:
        table.execute("UPDATE answers SET asked_at = ?", (then,))
    return then


@pytest.mark.parametrize(("days", "times"), [(89, 1), (91, 2)])
def test_an_answer_is_asked_for_anew_after_ninety_days(chain, server, tmp_path, days, times):
    chain.ask("Dunay")
    then = aged(tmp_path, days)
    answer = chain.ask("Dunay")
    assert server.asked == ["Dunay"] * times
    assert answer.place is not None
    assert (answer.asked_at == then) == answer.kept == (times == 1)


def test_how_old_an_answer_may_be_is_up_to_the_user(server, tmp_path):
    own = OnlineChain([server.geocoder()], cache=tmp_path / "online.sqlite", user_agent=AGENT, max_age_days=400)
    own.ask("Nowhere")
    aged(tmp_path, 399)
    assert own.ask("Nowhere").place is None
    assert server.asked == ["Nowhere"]
    with pytest.raises(OnlineError, match="-1 days is no age"):
        OnlineChain([server.geocoder()], cache=tmp_path / "c", user_agent=AGENT, max_age_days=-1)


def test_an_old_answer_counts_with_its_date_where_there_is_no_new_one(chain, server, tmp_path):
    first = chain.ask("Dunay")
    then = aged(tmp_path, 1000)
    server.close()
    answer = chain.ask("Dunay")
    assert (answer.place.place_id, answer.asked_at, answer.kept) == (first.place.place_id, then, True)
    assert answer.place.source.endswith(then[:10])
    assert [notice.column for notice in answer.notices] == ["place"]


def test_the_file_says_who_was_asked_for_what_when_and_what_it_said(chain, tmp_path):
    chain.ask("Dunay", country="RU")
    chain.ask("Nowhere")
    with sqlite3.connect(tmp_path / "online.sqlite") as table:
        rows = table.execute("SELECT service, asked, hints, asked_at, raw FROM answers ORDER BY asked").fetchall()
    assert [(asked, hints) for _, asked, hints, _, _ in rows] == [
        ("Dunay", '{"country_codes": ["RU"]}'),
        ("Nowhere", ""),
    ]
    assert rows[0][0].startswith("nominatim@127.0.0.1:")
    assert rows[0][3].endswith("Z")
    assert [json.loads(raw) if raw else raw for *_, raw in rows] == [DUNAY, None]


def test_what_failed_is_asked_again(chain, server):
    server.status = 500
    assert chain.ask("Dunay").place is None
    server.status = 200
    assert chain.ask("Dunay").place is not None


@pytest.mark.parametrize("spoil", ["text", "other table", "raw"])
def test_a_damaged_cache_is_told_with_what_to_do(chain, server, tmp_path, spoil):
    path = tmp_path / "online.sqlite"
    chain.ask("Dunay")
    if spoil == "text":
        path.write_bytes(b"these are no answers " * 300)
    else:
        change = {"other table": "ALTER TABLE answers DROP COLUMN raw", "raw": "UPDATE answers SET raw = '[7]'"}[spoil]
        with sqlite3.connect(path) as table:
            table.execute(change)
    with pytest.raises(ReadError, match=r"online\.sqlite is damaged or is no cache of answers\. Delete it"):
        chained(tmp_path, server.geocoder()).ask("Dunay")
    assert server.asked == ["Dunay"]


def test_a_locked_cache_is_told_with_what_to_do(chain, tmp_path, monkeypatch):
    monkeypatch.setattr(cache, "_WAIT_S", 0.05)
    holder = sqlite3.connect(tmp_path / "online.sqlite")
    holder.execute("BEGIN EXCLUSIVE")
    with pytest.raises(ReadError, match=r"is held by another program\. Close that program"):
        chain.ask("Dunay")
    holder.close()


def test_a_cache_that_cannot_be_written_is_told_before_anybody_is_asked(server, tmp_path):
    with pytest.raises(SaveError, match="Name a cache in a folder where you may write"):
        chained(tmp_path / "nowhere", server.geocoder())
    assert server.asked == []


# Polite


def test_requests_carry_the_users_own_name(chain, server):
    given = server.geocoder()
    before = dict(given.headers)
    chained(chain.cache.path.parent, given)("Dunay")
    assert server.headers[0]["User-Agent"] == AGENT
    assert given.headers == before, "the object that was handed over is not changed"


@pytest.mark.parametrize(
    "name",
    [
        "",
        "  ",
        "geopy/2.4.1",
        "my-application",
        "Rutter/1.0",
        "example.org",
        "specify_your_app_name_here",
        "né",
        "a\nb",
    ],
)
def test_a_user_agent_that_names_nobody_is_refused(name, tmp_path):
    with pytest.raises(OnlineError, match=r"user agent.*(policies/nominatim|plain ASCII)"):
        OnlineChain(["nominatim"], cache=tmp_path / "c", user_agent=name)
    assert list(tmp_path.iterdir()) == []
    assert check_user_agent(f" {AGENT} ") == AGENT


def test_the_delay_is_kept_for_each_service(server, other, tmp_path, monkeypatch):
    now, slept = [0.0], []

    def sleep(seconds):
        slept.append(seconds)
        now[0] += seconds

    monkeypatch.setattr("geopy.extra.rate_limiter.sleep", sleep)
    monkeypatch.setattr("geopy.extra.rate_limiter.default_timer", lambda: now[0])
    chain = chained(tmp_path, server.geocoder(), other.geocoder(), min_delay_s=1.5)
    chain.ask_many(["a", "b", "Dunay"], progress=False)
    assert server.asked == ["a", "b", "Dunay"]
    assert other.asked == ["a", "b"]
    assert slept == [1.5, 1.5], "two services need not wait for one another"
    chain.ask_many(["a", "b", "Dunay"], progress=False)
    assert len(slept) == 2, "what is kept needs no waiting"


def test_one_second_is_the_least_for_the_public_nominatim(tmp_path):
    with pytest.raises(OnlineError, match="allows one request a second"):
        chained(tmp_path, "nominatim", min_delay_s=0.5)
    assert chained(tmp_path, Nominatim, min_delay_s=1.0).services[0].label == "nominatim"


def test_what_is_known_offline_is_never_asked(chain, server):
    def offline(name, *, near=None):
        return OFFLINE if name == "Najin" else None

    geocode = with_online(offline, chain, never=lambda name: name == "Hope")
    assert geocode("Najin") is OFFLINE
    assert geocode("Hope") is None
    assert server.asked == []
    place = geocode("Dunay", near=(132.0, 43.0))
    assert place is not None
    assert place.match == "online"
    assert server.queries[0]["viewbox"] == "129.0,40.0,135.0,46.0"


def test_each_distinct_name_is_asked_once_and_answers_keep_their_order(chain, server, capfd):
    names = ["Dunay", "Nowhere", " Dunay ", float("nan"), "", "?!", "Nowhere"]
    answers = chain.ask_many(names)
    assert [answer.place is not None for answer in answers] == [True, False, True, False, False, False, False]
    assert server.asked == ["Dunay", "Nowhere"]
    assert capfd.readouterr() == ("", ""), "no bar where nobody sees it"
    server.status = 500
    assert all(answer.notices for answer in chain.ask_many(["Hope", "Hope"]))
    assert server.asked == ["Dunay", "Nowhere", "Hope"], "not even one that failed"


# What can go wrong


@pytest.mark.filterwarnings("ignore:Latitude normalization")
@pytest.mark.parametrize(
    ("status", "text", "says"),
    [
        (401, "", r"refused you \(HTTP 401\)\. Check your key and your user agent"),
        (403, "", r"refused you \(HTTP 403\)"),
        (429, "", r"was asked too much \(HTTP 429\)\. Ask again in 7 s"),
        (400, "", r"does not take this name \(HTTP 400\)"),
        (500, "<html>", r"failed \(HTTP 500\)\. Try again later"),
        (503, "", r"failed \(HTTP 503\)"),
        (200, "{bad", "answered what cannot be read"),
        (200, '{"error": "no"}', "does not take this name"),
        (200, '["Dunay"]', "answered what cannot be read"),
        (200, '[{"display_name": "Dunay"}]', "answered what cannot be read"),
        (200, '[{"display_name": "Dunay", "lat": "x", "lon": "1"}]', "answered what cannot be read"),
        (200, '[{"display_name": "Dunay", "lat": "95", "lon": "1"}]', "answered what cannot be read"),
    ],
)
def test_a_failure_goes_on_to_the_next_service_and_is_told(server, other, tmp_path, status, text, says):
    server.status, server.text = status, text
    answer = chained(tmp_path, server.geocoder(), other.geocoder()).ask("Dunay")
    assert answer.place is not None
    assert answer.service.endswith(other.domain)
    (notice,) = answer.notices
    assert (notice.id, notice.value) == (f"nominatim@{server.domain}", "Dunay")
    assert re.search(says, notice.message)
    assert len(server.queries) == 1


def test_a_slow_service_is_asked_once_and_not_waited_for(server, other, tmp_path):
    server.wait_s = 0.4
    answer = chained(tmp_path, server.geocoder(), other.geocoder(), timeout_s=0.1).ask("Dunay")
    assert answer.place is not None
    assert "gave no answer within 0.1 s" in answer.notices[0].message
    time.sleep(0.15)
    assert len(server.queries) == 1, "geopy's own retries would break the limit of one request a second"


def test_a_service_that_is_not_there_is_told(server, tmp_path):
    server.close()
    answer = chained(tmp_path, server.geocoder()).ask("Dunay")
    assert answer.place is None
    assert "cannot be reached. Check the network" in answer.notices[0].message


def test_geopys_words_are_not_shown_as_they_may_hold_the_key(tmp_path):
    class Leaky(Nominatim):
        domain = "leaky.test"

        def __init__(self, *, user_agent):
            super().__init__(user_agent=user_agent, domain=self.domain)

        def geocode(self, query):
            raise exc.GeocoderServiceError("no such host /geocode?key=SECRET")

    assert "SECRET" not in str(chained(tmp_path, Leaky).ask("Dunay").notices)


def test_odd_geocoders_neither_break_the_chain(tmp_path):
    class Odd:
        def geocode(self, query, exactly_one=True):
            return [Location("Dunay \ud800", (42.0, 132.0), {"raw": {1, 2}, "id": "a b"})]

    place = chained(tmp_path, Odd()).ask("Dunay\ud800").place
    assert place is not None
    assert place.lonlat == (132.0, 42.0)
    assert chained(tmp_path, Odd()).ask("Dunay\ud800").kept


def test_a_service_that_keeps_failing_is_given_up_for_the_rest(chain, server, caplog):
    server.status = 500
    answers = chain.ask_many(list("abcde"), progress=False)
    assert server.asked == ["a", "b", "c"]
    assert "was not asked: it failed for the names before" in answers[4].notices[0].message
    server.status = 429
    chain.ask_many(list("xyz"), progress=False)
    assert server.asked[3:] == ["x"], "who asked too much stops at once"
    with caplog.at_level(logging.WARNING):
        assert chain("q") is None
    assert "was asked too much" in caplog.text


@pytest.mark.parametrize(
    ("geocoder", "says"),
    [
        ("nominatin", "There is no online geocoder 'nominatin'. Take one of .*nominatim"),
        ("geonames", "GeoNames cannot be made from a user agent alone .*username.* hand over the object"),
        (GoogleV3, "GoogleV3 cannot be made from a user agent alone"),
        (7, "7 is no geocoder"),
    ],
)
def test_what_is_no_geocoder_is_refused(geocoder, says, tmp_path):
    with pytest.raises(OnlineError, match=says):
        chained(tmp_path, geocoder, min_delay_s=1.0)


def test_settings_that_do_not_work_are_refused(server, tmp_path):
    with pytest.raises(OnlineError, match="No online geocoder is given"):
        chained(tmp_path)
    for settings in ({"timeout_s": 0}, {"min_delay_s": float("nan")}):
        with pytest.raises(GeoError, match=r"do not work\. Take 1 and 10"):
            chained(tmp_path, server.geocoder(), **settings)
