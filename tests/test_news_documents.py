"""Files of every kind people bring, and every kind of bad one: read whole, or one message and the rest goes on."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import FormatError, GeoError, MissingFileError, ReadError
from geo.news.documents import pasted, read_bytes, read_document, read_documents, read_uploads
from geo.news.documents.dates import published
from geo.timeline import parse_date

ROOT = Path(__file__).resolve().parent.parent
ARTICLE = (
    "A bulk carrier left Vladivostok on Thursday with about two thousand tonnes of coal.\n\n"
    "It was expected in Rajin on Saturday, the port said."
)
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def one(name: str, content: str | bytes):
    (document,) = read_bytes(name, content.encode() if isinstance(content, str) else content)
    return document


def refused(name: str, content: bytes) -> str:
    with pytest.raises(GeoError) as caught:
        read_bytes(name, content)
    message = str(caught.value)
    assert message.startswith(f"{name}: "), "the file is named"
    assert message.count(". ") >= 1, "what is wrong, then what to do"
    assert len(message) < 300
    return message


def zipped(files: dict[str, str | bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


def pdf(*pages: list[str]) -> bytes:
    """Write a PDF by hand: Helvetica, a line of text a line."""
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for number, lines in enumerate(pages):
        escaped = [line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)") for line in lines]
        shown = "BT /F1 11 Tf 14 TL 50 780 Td " + " ".join(f"({line}) Tj T*" for line in escaped) + " ET"
        objects.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> "
            f"/Contents {5 + 2 * number} 0 R >>"
        )
        objects.append(f"<< /Length {len(shown)} >>\nstream\n{shown}\nendstream")
    content, starts = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        starts.append(len(content))
        content += f"{number} 0 obj\n{body}\nendobj\n".encode("cp1252")
    table = "".join(f"{start:010} 00000 n \n" for start in starts)
    end = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
    end += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(content)}\n%%EOF\n"
    return content + end.encode()


def rewritten(content: bytes, *, password: str | None = None, algorithm: str = "AES-256", **about: str) -> bytes:
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(content)))
    writer.add_metadata({f"/{name}": value for name, value in about.items()})
    if password is not None:
        writer.encrypt(password, owner_password="owner", algorithm=algorithm)
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def word(body: str, **parts: str) -> bytes:
    document = f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'
    return zipped({"[Content_Types].xml": "<Types/>", "word/document.xml": document, **parts})


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


# Texts and their headers


def test_a_plain_text_stays_as_it_is():
    hard_wrapped = "A ship left port\non Thursday, said\nthe harbour office.\n\nIt was seen\tlater."
    assert one("a.txt", hard_wrapped).text == hard_wrapped
    assert one("a.txt", hard_wrapped.replace("\n", "\r\n")).text == hard_wrapped
    assert one("a.txt", "\n\n" + hard_wrapped + "\n").text == hard_wrapped


def test_the_head_of_a_text_is_read_and_taken_off():
    head = "Title: Coal ship sails\nDate: 24 March 2024\nSource: The Harbour Daily\nURL: https://harbour.example/1\n\n"
    document = one("a.txt", head + ARTICLE)
    assert (document.title, document.published) == ("Coal ship sails", "2024-03-24")
    assert (document.publisher, document.url) == ("The Harbour Daily", "https://harbour.example/1")
    assert document.text == ARTICLE


def test_what_only_looks_like_a_head_stays_in_the_text():
    text = "Vladivostok: a ship left.\nDate: unknown to all.\n\nMore."
    assert one("a.txt", text).text == text


def test_a_date_in_a_head_that_may_be_two_days_is_told_not_used():
    document = one("a.txt", f"Title: T\nDate: 03/04/2024\n\n{ARTICLE}")
    assert document.published == ""
    assert any("03/04/2024" in note for note in document.notes)


def test_a_headline_over_the_text_is_its_title_and_stays():
    document = one("a.txt", f"Coal ship sails\n\n{ARTICLE}")
    assert document.title == "Coal ship sails"
    assert document.text.startswith("Coal ship sails\n\nA bulk carrier")
    assert one("a.txt", ARTICLE).title == ""


def test_markdown_loses_its_marks_and_keeps_its_words():
    text = (
        "---\ntitle: 'Coal: a ship sails'\ndate: 2024-03\nauthor: A. Writer\n---\n"
        "# Coal ship\n\nIt left [Busan](https://map.example/Seoul) on **Monday**.\n\n![Paris](p.jpg)\n\n"
        "| Port | Day |\n|---|---|\n| Rajin_Port_3 | 3 |\n\n<script>London</script>"
    )
    document = one("a.md", text)
    assert document.text == "Coal ship\n\nIt left Busan on Monday.\n\nPort | Day\n\nRajin_Port_3 | 3"
    assert (document.title, document.published) == ("Coal: a ship sails", "2024-03")
    assert any("author: A. Writer" in note for note in document.notes), "what is not used is told"


def test_pasted_text_and_pasted_page_source():
    document = pasted(f"Date: 2024-03-24\n\n{ARTICLE}", title="Mine")
    assert (document.text, document.title, document.published, document.file) == (ARTICLE, "Mine", "2024-03-24", "")
    assert pasted(f"<!doctype html><html><body><p>{ARTICLE}</p></body></html>").text.startswith("A bulk carrier")
    with pytest.raises(FormatError, match="Pasted text: there is none"):
        pasted(" \n\t")
    with pytest.raises(ReadError, match="longer than"):
        pasted("x" * 10_000_001)


@pytest.mark.parametrize(
    ("stated", "day"),
    [
        ("2024-03-24", "2024-03-24"),
        ("2024-03-24T23:30:00-05:00", "2024-03-24"),
        ("Sun, 24 Mar 2024 23:30:00 -0500", "2024-03-24"),
        ("Published March 24th, 2024 at 10:15", "2024-03-24"),
        ("24.03.2024", "2024-03-24"),
        ("24/03/2024", "2024-03-24"),
        ("2024년 3월 24일", "2024-03-24"),
        ("2024年3月24日", "2024-03-24"),
        ("2024. 3. 24.", "2024-03-24"),
        ("2024-03", "2024-03"),
        ("March 2024", "2024-03"),
        ("04/04/2024", "2024-04-04"),
        ("03/04/2024", ""),
        ("2024", ""),
        ("2024-13-01", ""),
        ("2024-02-30", ""),
        ("24 March 2024, updated 2 April 2024", ""),
        ("yesterday", ""),
        ("", ""),
    ],
)
def test_the_day_of_publication_is_read_in_one_way_or_not(stated, day):
    found, notes = published(stated)
    assert found == day
    assert bool(notes) == bool(stated and not day)
    if day:
        parse_date(day)


# Encodings

WRITTEN = {
    "Russian": (
        "Во вторник сухогруз под флагом Панамы вышел из порта Владивосток и направился на юг. По словам капитана, на "
        "борту около двух тысяч тонн угля. Портовые власти отказались назвать владельца судна. Судно придёт в порт "
        "назначения через шесть дней.",
        ("cp1251", "koi8_r", "cp866", "iso8859_5"),
    ),
    "Korean": (
        "화요일 오전 화물선 한 척이 부산항을 떠나 남쪽으로 향했다. 선장은 배에 석탄 약 이천 톤이 "
        "실려 있다고 말했다. 항만 당국은 선주의 이름을 밝히지 않았다. 배는 엿새 뒤에 목적지에 도착할 예정이다. "
        "지난달에도 같은 배가 이 항로를 다녔다.",
        ("cp949", "euc_kr"),
    ),
    "Chinese": (
        "星期二上午，一艘货轮离开大连港向南航行。船长说船上装有大约两千吨煤炭。港口当局没有公布船主的名字。预计该船将在六天后抵达目的地。"
        "上个月，同一艘船也走过这条航线。",
        ("gb18030",),
    ),
    "Japanese": (
        "火曜日の朝、一隻の貨物船が新潟港を出て南へ向かった。船長によると、船には約二千トンの石炭が積まれているという。港湾当局は船主の"
        "名前を明らかにしなかった。船は六日後に目的地に着く予定である。",
        ("cp932", "euc_jp", "iso2022_jp"),
    ),
    "German": (
        "Am Dienstag verließ ein Frachter den Hafen von Hamburg und fuhr nach Süden. Nach Angaben des Kapitäns "
        "sind etwa zweitausend Tonnen Kohle an Bord. Die Behörde wollte den Eigentümer nicht nennen. Das Schiff "
        "soll in sechs Tagen über Brüssel hinaus in Antwerpen eintreffen, hieß es.",
        ("latin_1", "cp1252"),
    ),
    "Polish": (
        "We wtorek rano frachtowiec opuścił port w Gdyni i skierował się na południe. Według kapitana na pokładzie "
        "znajduje się około dwóch tysięcy ton węgla. Władze portu nie podały nazwiska właściciela.",
        ("cp1250",),
    ),
}
# A few words, as in a small table: the letters alone tell the code page.
FEW_WORDS = {
    "Spanish": ("Inundación en la provincia, Ñandú, Peñíscola", "cp1252"),
    "French": ("Grève générale, arrêté à Genève", "cp1252"),
    "Portuguese": ("Inundação, reunião em São Paulo", "cp1252"),
    "Italian": ("è così: Forlì, città più piccola", "cp1252"),
    "Swedish": ("Möte på ön, Malmö, Åland", "cp1252"),
    "Danish": ("Møde, København, færge, Århus", "cp1252"),
    "Icelandic": ("fundur á Akureyri, þingið, höfnin", "cp1252"),
    "Polish": ("Pożar, Łódź; spotkanie, Gdańsk", "cp1250"),
    "Czech": ("Průvod, Děčín; povodeň, Přerov", "cp1250"),
    "Hungarian": ("Tűz, Győr; árvíz, Szőny", "cp1250"),
    "Croatian": ("Sastanak, Šibenik; požar, Čakovec", "cp1250"),
    "Polish elsewhere": ("Pożar, Łódź; śnieg, Gdańsk", "iso8859_2"),
    "Turkish": ("başlık, yangın, İstanbul, Eskişehir", "cp1254"),
    "Latvian": ("ugunsgrēks, Rīga; sanāksme, Liepāja", "cp1257"),
    "Russian": ("Пожар, Владивосток", "cp1251"),
    "Greek": ("Πυρκαγιά, Αθήνα", "cp1253"),
}


@pytest.mark.parametrize(("text", "encoding"), FEW_WORDS.values(), ids=FEW_WORDS)
def test_a_few_words_tell_the_encoding(text, encoding):
    content = f"title,place\n{text}\n".encode(encoding)
    assert one("a.txt", content).text.splitlines()[-1] == text


MARKED = ("utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be")


@pytest.mark.parametrize(
    ("text", "encoding"),
    [(text, encoding) for text, found_in in WRITTEN.values() for encoding in (*found_in, *MARKED)],
    ids=[f"{language}-{encoding}" for language, (_, found_in) in WRITTEN.items() for encoding in (*found_in, *MARKED)],
)
def test_the_encoding_is_found(text, encoding):
    text = f"{text}\n\n{text}"
    document = one("a.txt", text.encode(encoding))
    assert document.text == text
    guessed = encoding not in MARKED and not encoding.startswith("iso2022")
    assert any("does not say its encoding" in note for note in document.notes) == guessed


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        ("windows-1251", "cp1251"),
        ("euc-kr", "cp949"),
        ("gb2312", "gb18030"),
        ("iso-8859-1", "cp1252"),
        ("rot13", "utf-8"),
    ],
)
def test_a_page_says_its_encoding(declared, encoding):
    text = {"cp1251": "Судно вышло", "cp949": "배가 떠났다", "gb18030": "船离开", "cp1252": "‘Straße’"}.get(
        encoding, "Ship à"
    )
    page = f'<html><head><meta charset="{declared}"></head><body><p>{text}</p></body></html>'
    document = one("a.html", page.encode(encoding))
    assert document.text == text
    assert not any("encoding" in note for note in document.notes)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("SEOUL, May 8, 2024 (Reuters) - Police arrested two men on Tuesday.", "2024-05-08"),
        ("MOSCOW, 8 May 2024 — Two ships left.", "2024-05-08"),
        ("By John Smith\nMay 8, 2024\n\nPolice arrested two men.", "2024-05-08"),
        ("Two ships leave\nPublished 4 June 2024\n\nTwo ships left.", "2024-06-04"),
        ("By Ann Lee | Updated May 8, 2024 at 3:15 p.m. ET\n\nTwo ships left.", "2024-05-08"),
        ("WASHINGTON — On May 8, 2024, the president met him.", ""),
        ("8 May 2024\nOne thing.\n9 May 2024\nAnother.", ""),
    ],
)
def test_a_text_tells_its_day_in_its_head(text, day):
    document = one("a.txt", text.encode())
    assert document.published == day
    assert any("its day of publication" in note for note in document.notes) == bool(day)


def test_letters_that_a_typesetter_joined_are_parted():
    assert one("a.txt", "seized o\ufb00 Gibraltar, \ufb01red at".encode()).text == "seized off Gibraltar, fired at"


@pytest.mark.parametrize(("language", "told"), [("Russian", True), ("German", True), ("English", False)])
def test_what_is_not_english_is_told_to_give_no_events(language, told):
    text = WRITTEN[language][0] if language in WRITTEN else "The ship left the port of Busan on Monday, and was seen."
    assert any("in English only" in note for note in one("a.txt", text.encode()).notes) == told


def test_a_utf8_text_with_one_byte_damaged_is_still_utf8():
    content = WRITTEN["Russian"][0].encode()
    document = one("a.txt", content[:101] + b"\xff" + content[101:])
    assert document.text.replace("\ufffd", "").startswith("Во вторник")
    assert any("could not be read" in note for note in document.notes)


@given(
    st.text(
        st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\u00ad\u2028\u2029\ufeff\ufffe\uffff"),
        min_size=1,
    )
)
def test_text_comes_through_as_it_is(text):
    text = f"A{text}z"
    assert one("a.txt", text.encode()).text == text


def test_control_characters_go_and_are_told():
    document = one(
        "a.txt",
        b"The ship\x00 left\x07 Rajin.\x0cThen it re\xc2\xadturned." + b"\x00" * 3 + b" Seen later in the port." * 30,
    )
    assert document.text.startswith("The ship left Rajin.\nThen it returned. Seen")
    assert any("6 characters" in note for note in document.notes)


# Web pages

LINKED = json.dumps(
    {
        "@context": "https://schema.org",
        "@graph": [
            {"@type": "WebSite", "name": "The Harbour Daily", "datePublished": "1999-01-01"},
            {"@type": ["NewsArticle"], "headline": "Coal ship sails", "datePublished": "2024-03-24T23:30:00+09:00"},
            {"@type": "NewsArticle", "headline": "Another story", "datePublished": "2023-01-02"},
        ],
    }
)
HEAD = (
    '<meta charset="utf-8"><title>Coal ship sails | The Harbour Daily</title>'
    '<meta property="og:title" content="Coal ship sails"><meta property="og:site_name" content="The Harbour Daily">'
    '<link rel="canonical" href="https://harbour.example/world/coal-ship-sails">'
)
PAGE = """<!DOCTYPE html><html lang="en"><head>{head}<style>.Cairo {{color: red}}</style></head><body>
<script>var ads = "Pyongyang Beijing Tehran";</script><noscript>Enable it in Lima</noscript>
<header><nav><ul><li><a href="/">Home</a></li><li><a href="/africa">Nairobi office</a></li></ul></nav></header>
<div id="cookie-banner" class="cookie-consent"><p>We use cookies to improve your visit to London.</p></div>
<main><article><h1>Coal ship sails</h1>{byline}
<figure><img src="s.jpg" alt="Dakar"><figcaption>The ship in Busan. Photo: Jo Lens/Agency</figcaption></figure>
<p>The bulk carrier left the port of Vladivostok on Thursday with about two thousand tonnes of coal, said two people
who saw it.</p>
<p>It was expected in Rajin on Saturday. The owner in Hong&nbsp;Kong did not <b>answer</b> questions.</p>
<div class="newsletter-signup"><h3>Subscribe</h3><p>The best of our Paris bureau in your inbox.</p></div>
<ul><li>1,900 tonnes left on 14 March</li><li>200 tonnes left on 16 March</li></ul>
<table><tr><th>Port</th><th>Day</th></tr><tr><td><p>Vostochny</p></td><td>14 March</td></tr></table>
<aside class="related"><h3>Related</h3><ul><li><a href="/1">Tanker seized off Singapore</a>
<time datetime="2022-05-05">5 May</time></li></ul></aside>
</article></main>
<section class="comments" id="comments"><h3>Comments</h3><p>I was in Sydney when I read this.</p></section>
<footer><p>© 2026 The Harbour Daily, Oslo. All rights reserved.</p></footer></body></html>"""
FURNITURE = re.compile(
    "Pyongyang|Lima|Nairobi|London|Cairo|Dakar|Busan|Lens|Paris|Singapore|Sydney|Oslo|Subscribe|cookies"
)


def page(head: str = "", byline: str = "") -> str:
    return PAGE.format(head=HEAD + head, byline=byline)


def test_a_news_page_is_its_article():
    head = f'<script type="application/ld+json">{LINKED}</script>'
    document = one("a.html", page(head))
    assert document.text == (
        "The bulk carrier left the port of Vladivostok on Thursday with about two thousand tonnes of coal, said two "
        "people who saw it.\n\nIt was expected in Rajin on Saturday. The owner in Hong Kong did not answer questions."
        "\n\n1,900 tonnes left on 14 March\n\n200 tonnes left on 16 March\n\nPort | Day\n\nVostochny | 14 March"
    )
    assert not FURNITURE.findall(document.text)
    assert (document.title, document.published, document.publisher, document.url, document.file) == (
        "Coal ship sails",
        "2024-03-24",
        "The Harbour Daily",
        "https://harbour.example/world/coal-ship-sails",
        "a.html",
    )
    assert document.notes == ()


@pytest.mark.parametrize(
    ("head", "byline", "day"),
    [
        ("", "", ""),
        ('<meta property="article:published_time" content="2024-03-24T23:30:00+09:00">', "", "2024-03-24"),
        ('<meta property="article:modified_time" content="2025-01-01T00:00:00Z">', "", ""),
        (
            '<meta itemprop="copyrightYear" content="2021"><meta http-equiv="last-modified" content="2025-01-01">',
            "",
            "",
        ),
        ('<meta name="date" content="2024-03">', "", "2024-03"),
        ('<meta name="pubdate" content="03/04/2024">', "", ""),
        ("", '<p class="byline">By A. Writer, <time datetime="2024-03-24">Sunday</time></p>', "2024-03-24"),
        ("", '<span class="article-date">24 March 2024</span>', "2024-03-24"),
        ("", '<p>By A. Writer</p><time itemprop="datePublished" content="2024-03-24">Sunday</time>', "2024-03-24"),
        ("", '<p class="date">24 March 2024</p><p class="updated-date">2 April 2024</p>', "2024-03-24"),
        ("", '<p class="date">24 March 2024, changed 2 April 2024</p>', ""),
        (
            '<meta property="og:url" content="https://h.example/x"><script type="application/ld+json">{bad</script>',
            "",
            "",
        ),
    ],
)
def test_a_page_that_states_no_day_has_none(head, byline, day):
    assert one("a.html", page(head, byline)).published == day


def test_the_address_may_hold_the_day():
    document = one("a.html", page().replace("/world/", "/2024/03/24/"))
    assert document.published == "2024-03-24"
    assert any("address" in note for note in document.notes)


def test_a_page_without_an_article_gives_all_its_text():
    assert "Busan" in one("a.html", "<html><body><p>Ship left Busan.</p></body></html>").text
    assert "no text in the page" in refused("a.html", b"<html><body><script>var Rajin = 1</script></body></html>")


def test_a_page_with_more_elements_than_an_article_has_gives_all_its_text():
    document = one("a.html", "<html><body><p>A ship left Busan.</p>" + "<i></i>" * 60_000)
    assert document.text == "A ship left Busan."
    assert any("too large" in note for note in document.notes)


def test_pictures_inside_a_page_do_not_count():
    picture = f'<img src="data:image/png;base64,{"QUJD" * 3_000_000}">'
    assert one("a.html", page(byline=picture)).text == one("a.html", page()).text


def test_a_page_saved_as_text_is_still_a_page():
    assert one("a.txt", page()).text == one("a.html", page()).text
    assert one("a.txt", page().encode("utf-16")).text == one("a.html", page()).text


@pytest.mark.parametrize(("depth", "read"), [(240, True), (20_000, False)])
def test_a_page_that_nests_deep_is_read_whole_or_refused(depth, read):
    content = f"<html><body><p>A ship left Busan.</p>{'<div>' * depth}<p>It came to Rajin.</p></body></html>"
    if read:
        assert one("a.html", content).text == "A ship left Busan.\n\nIt came to Rajin."
    else:
        assert "nests too deep" in refused("a.html", content.encode())


# Feeds

RSS = """<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>The Harbour Daily</title>
<item><title>Coal &amp; grain</title><link>https://h.example/1</link><pubDate>Sun, 24 Mar 2024 23:30:00 -0500</pubDate>
<description>&lt;p&gt;A ship left &lt;b&gt;Rajin&lt;/b&gt;.&lt;/p&gt;
&lt;p&gt;It came back.&lt;/p&gt;&lt;script&gt;Lima&lt;/script&gt;</description></item>
<item><title>Only a headline about Busan</title></item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Port News</title><entry><title>Tanker</title>
<link href="https://p.example/2"/><updated>2024-04-01T10:00:00Z</updated>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Off Nampo.</p><p>At anchor.</p></div></content>
</entry></feed>"""


def test_a_feed_gives_a_document_an_entry():
    first, second = read_bytes("a.xml", RSS.encode())
    assert (first.text, first.title) == ("A ship left Rajin.\n\nIt came back.", "Coal & grain")
    assert (first.published, first.publisher, first.url) == ("2024-03-24", "The Harbour Daily", "https://h.example/1")
    assert second.text == "Only a headline about Busan"
    assert any("headline only" in note for note in second.notes)
    atom = one("a.rss", ATOM)
    assert (atom.text, atom.published) == ("Off Nampo.\n\nAt anchor.", "2024-04-01")
    assert any("change" in note for note in atom.notes)


def test_xml_that_is_no_feed_and_entity_bombs_are_refused():
    assert "neither RSS nor Atom" in refused("a.xml", b"<?xml version='1.0'?><invoice>Rajin</invoice>")
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    bomb = (
        f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY e0 "Rajin"><!ENTITY f SYSTEM "file:///etc/hostname">{entities}]>'
    )
    bomb += (
        "<rss version='2.0'><channel><item><title>&e11;</title><description>&f;</description></item></channel></rss>"
    )
    assert "declares entities" in refused("a.rss", bomb.encode())
    assert "declares entities" in refused("a.rss", bomb.encode("utf-16"))


# PDF

PRINTED = [
    [
        "The Harbour Daily, 24 March 2024",
        f"The {ship} left the port of {port} on a Thursday morning in March with two thou-",
        f"sand tonnes of {goods} on board, said two people who saw it there from the pier.",
        "It turned north.",
        f"The owner of the {ship}, a company, did not answer questions on the {goods} it had",
        f"Page {number} of 3",
    ]
    for number, (ship, port, goods) in enumerate(
        [("bulk carrier", "Wonsan", "coal"), ("tanker", "Nampo", "fuel oil"), ("coaster", "Rajin", "grain")], 1
    )
]


def test_a_pdf_is_put_together_again():
    document = one("a.pdf", rewritten(pdf(*PRINTED), Title="Coal ship", CreationDate="D:20250607120000Z"))
    assert document.text.split("\n\n")[0] == (
        "The bulk carrier left the port of Wonsan on a Thursday morning in March with two thousand tonnes of coal on "
        "board, said two people who saw it there from the pier. It turned north."
    )
    assert "the coal it had The tanker" in document.text, "a paragraph goes on over the page"
    assert "Harbour Daily" not in document.text
    assert "Page" not in document.text
    assert (document.title, document.published) == ("Coal ship", "")
    assert any("'Page 1 of 3'" in note and "6 lines" in note for note in document.notes)
    assert any("2025-06-07" in note and "not taken" in note for note in document.notes)


def test_hyphens_that_belong_to_a_word_stay():
    lines = [
        "The Russian-built long-range aircraft and the Sino-",
        "Russian agreement on it were discussed, and a long-",
        "range type was seen at the airfield of Yong-",
        "byon again on the following day by those living there.",
    ]
    text = one("a.pdf", pdf(lines)).text
    assert "Sino-Russian agreement" in text
    assert "a long-range type" in text
    assert "Yongbyon again" in text


@pytest.mark.parametrize("algorithm", ["RC4-128", "AES-128", "AES-256"])
def test_an_encrypted_pdf_is_read_only_without_a_password(algorithm):
    assert "password" in refused("a.pdf", rewritten(pdf(PRINTED[0]), password="secret", algorithm=algorithm))
    assert "bulk carrier" in one("a.pdf", rewritten(pdf(PRINTED[0]), password="", algorithm=algorithm)).text


def test_bad_pdfs():
    assert "OCR" in refused("scan.pdf", pdf([], []))
    assert "damaged" in refused("cut.pdf", b"%PDF-1.7\nnothing more")
    assert "its content is not" in refused("a.pdf", b"Just words")
    assert "pages" in refused("long.pdf", pdf(*[["x"]] * 2001))


# Word


def test_a_word_file_with_tables_notes_and_insertions():
    body = (
        paragraph("Coal ship sails")
        + "<w:p><w:r><w:t xml:space='preserve'>It left </w:t></w:r><w:ins><w:r><w:t>Rajin</w:t></w:r></w:ins>"
        "<w:del><w:r><w:delText>Busan</w:delText></w:r></w:del><w:r><w:tab/><w:t>today.</w:t><w:br/><w:t>Then.</w:t></w:r></w:p>"
        f"<w:tbl><w:tr><w:tc>{paragraph('Port')}</w:tc><w:tc>{paragraph('Day')}</w:tc></w:tr>"
        f"<w:tr><w:tc>{paragraph('Wonsan')}</w:tc><w:tc>{paragraph('3')}</w:tc></w:tr></w:tbl>"
        f"<w:sdt><w:sdtContent>{paragraph('In a control.')}</w:sdtContent></w:sdt>"
    )
    notes = f'<w:footnotes xmlns:w="{W}"><w:footnote>{paragraph("Seen from Tumen.")}</w:footnote></w:footnotes>'
    core = (
        '<cp:coreProperties xmlns:cp="c" xmlns:dc="d" xmlns:t="t"><dc:title>Coal</dc:title>'
        "<t:created>2025-06-07T10:00:00Z</t:created></cp:coreProperties>"
    )
    document = one("a.docx", word(body, **{"word/footnotes.xml": notes, "docProps/core.xml": core}))
    assert document.text == (
        "Coal ship sails\n\nIt left Rajin\ttoday.\nThen.\n\nPort | Day\n\nWonsan | 3\n\nIn a control."
        "\n\nSeen from Tumen."
    )
    assert (document.title, document.published) == ("Coal", "")
    assert any("2025-06-07" in note and "not taken" in note for note in document.notes)


def test_bad_word_files():
    bomb = (
        '<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
        + f'<w:document xmlns:w="{W}">{paragraph("&b;")}</w:document>'
    )
    entities = zipped({"[Content_Types].xml": "<Types/>", "word/document.xml": bomb})
    assert "entities" in refused("a.docx", entities)
    assert "damaged" in refused("b.docx", word("<w:p>"))
    assert "no text" in refused("c.docx", word(paragraph("")))
    assert "no Word file" in refused("d.docx", zipped({"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<w/>"}))
    assert "old Office file, or one with a password" in refused(
        "e.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 99
    )
    assert "damaged" in refused("f.docx", word(paragraph("x"))[:100])


# What is no article


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("empty.txt", b"", "is empty"),
        ("blank.txt", b" \n\x00\t ", "is empty"),
        ("marked.txt", b"\xef\xbb\xbf", "no text"),
        ("binary.txt", bytes(range(256)) * 40, "binary"),
        ("picture.txt", b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "PNG picture"),
        ("letter.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Office file"),
        ("sheet.csv", b"a,b\n1,2\n", ".csv is a kind of file that is not read"),
        ("front.md", b"---\ntitle: T\n---\n", "no text"),
        ("feed.rss", b"<rss version='2.0'><channel></channel></rss>", "no entry"),
        ("cut.zip", b"PK\x03\x04 and no more", "damaged"),
        ("void.zip", b"PK\x05\x06" + b"\0" * 18, "zip is empty"),
        ("large.md", b"word " * 200_001, "1 MB"),
        ("large.html", b"<html><p>" + b"word " * 2_000_001, "longer than"),
        ("large.txt", b"word " * 400_001, "2 MB"),
    ],
)
def test_what_cannot_be_read_is_said(name, content, says):
    assert says in refused(name, content)


def test_the_kind_is_seen_in_the_content():
    assert "bulk carrier" in one("a.txt", pdf(PRINTED[0])).text
    assert one("a.txt", word(paragraph("The ship left Rajin."))).text == "The ship left Rajin."
    assert len(read_bytes("a.txt", RSS.encode())) == 2


def test_a_text_with_no_place_and_no_date_is_read():
    assert one("a.txt", "Nothing happened anywhere.").text == "Nothing happened anywhere."


def test_files_that_are_not_there(tmp_path):
    with pytest.raises(MissingFileError, match="no such file"):
        read_document(tmp_path / "none.txt")
    with pytest.raises(ReadError, match="not a file"):
        read_document(tmp_path)


# Many


def test_one_bad_file_is_listed_and_the_rest_goes_on(tmp_path, capsys):
    folder = tmp_path / "articles"
    (folder / "b").mkdir(parents=True)
    for name in ("c.txt", "a.txt", "b/z.md", ".DS_Store", "~$c.docx"):
        (folder / name).write_text(ARTICLE, encoding="utf-8")
    (folder / "bad.pdf").write_bytes(b"%PDF-1.4 cut")
    (folder / "sheet.xlsx").write_bytes(zipped({"[Content_Types].xml": "<Types/>"}))
    (folder / "loop").symlink_to(folder)
    documents, faults = read_documents([folder, folder / "a.txt", tmp_path / "none.txt"], progress=True)
    assert [document.file for document in documents] == ["articles/a.txt", "articles/b/z.md", "articles/c.txt"]
    assert {document.text for document in documents} == {ARTICLE}
    assert [Path(fault.file).name for fault in faults] == ["bad.pdf", "loop", "sheet.xlsx", "none.txt"]
    assert str(faults[0]).startswith("articles/bad.pdf: The PDF is damaged. ")
    assert all(fault.message and fault.remedy for fault in faults)
    assert read_documents(folder) == read_documents([folder]), "the same call gives the same answer"


def test_a_zip_is_read_one_level_deep(tmp_path):
    inner = zipped({"deep.txt": ARTICLE})
    path = tmp_path / "articles.zip"
    path.write_bytes(
        zipped(
            {
                "b.txt": ARTICLE,
                "a/report.docx": word(paragraph("The ship left Rajin.")),
                "more.zip": inner,
                "bad.txt": bytes(range(256)) * 9,
                "__MACOSX/._b.txt": b"\0\1",
            }
        )
    )
    documents, faults = read_documents([path])
    assert [Path(document.file).name for document in documents] == ["report.docx", "b.txt"]
    assert [fault.file.removeprefix(f"{path}/") for fault in faults] == ["bad.txt", "more.zip"]
    assert "zip inside a zip" in faults[1].message
    assert read_uploads([("articles.zip", path.read_bytes())])[0][1].file == "articles.zip/b.txt"
    with pytest.raises(FormatError, match="read_documents"):
        read_document(path)


def test_a_zip_may_lie_about_its_sizes():
    packed = zipped({"big.txt": b"\0" * 120_000_000, "good.txt": ARTICLE})
    size = (120_000_000).to_bytes(4, "little")
    lying = packed.replace(size, (500).to_bytes(4, "little"))
    assert lying != packed
    tracemalloc.start()
    for content in (packed, lying):
        documents, faults = read_uploads([("bomb.zip", content)])
        assert [document.text for document in documents] == [ARTICLE]
        assert len(faults) == 1
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 120_000_000 * 2


def test_fifty_megabytes_of_text_are_refused_in_little_memory(tmp_path):
    large = tmp_path / "large.txt"
    large.write_bytes(b"The ship left Rajin on Thursday with coal.\n" * 1_200_000)
    (tmp_path / "small.txt").write_text(ARTICLE, encoding="utf-8")
    tracemalloc.start()
    documents, (fault,) = read_documents(tmp_path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [document.text for document in documents] == [ARTICLE], "the rest goes on"
    assert "2 MB" in fault.message
    assert "Split it" in fault.remedy
    assert peak < 120_000_000


def test_the_largest_text_is_read_in_bounded_memory():
    text = "Судно вышло из порта Раджин в четверг.\n" * 50_000
    content = text.encode("cp1251")
    tracemalloc.start()
    document = one("a.txt", content)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert document.text == text.rstrip()
    assert peak < 200_000_000


def test_importing_the_room_is_quick():
    code = (
        "import sys, geo.news.documents;"
        "print({'trafilatura', 'pypdf', 'lxml', 'feedparser', 'charset_normalizer', 'pandas'} & {*sys.modules})"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert run.stdout.strip() == "set()"
