"""KML and GPX made fit for GDAL: nothing of them is fetched or expanded, and dates keep their own words."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from geo.errors import FormatError

_HIDDEN = "rutter_column_"
_HEX = re.compile(f"{_HIDDEN}((?:[0-9a-f]{{2}})*)")
_KML_TIMES = ("when", "begin", "end")


def checked_xml(content: bytes, *, file: str, root: str) -> tuple[bytes, list[str]]:
    """Read KML or GPX without fetching or expanding anything.

    Args:
        content: The file's bytes.
        file: Its name, for messages.
        root: What it must be: `kml` or `gpx`.

    Returns:
        The same document in UTF-8, the dates of KML kept as text in fields of their own, and what should be known.

    Raises:
        FormatError: It is no such file, is damaged, or brings entities of its own.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
    try:
        tree = etree.fromstring(content, parser).getroottree()
    except etree.XMLSyntaxError as error:
        raise FormatError(f"{file}: the file is damaged or cut short ({error.msg}). Export it again.") from error
    if tree.docinfo.doctype or any(isinstance(node, etree._Entity) for node in tree.iter(etree.Entity)):
        raise FormatError(f"{file}: brings a DOCTYPE, by which a file can pull in others. Export it again without one.")
    if etree.QName(tree.getroot()).localname.casefold() != root:
        raise FormatError(f"{file}: this is no {root.upper()}. Give it the ending of what it is.")
    notices = list(_keep_kml_times(tree)) if root == "kml" else []
    if root == "kml":
        _keep_kml_names(tree)
        _put_into_one_document(tree.getroot())
    return etree.tostring(tree, encoding="UTF-8", xml_declaration=True), notices


def _put_into_one_document(root: etree._Element) -> None:
    """KML has one feature at its root; of several, which some programs write, GDAL would read one."""
    features = [node for node in root if isinstance(node.tag, str)]
    if len(features) > 1:
        document = etree.SubElement(root, re.sub(r"[^}]*$", "Document", str(root.tag), count=1))
        document.extend(features)


def _keep_kml_names(tree: etree._ElementTree) -> None:
    """Write the names of columns so that GDAL, which changes points and knows columns of its own, leaves them alone."""
    for node in tree.iter("{*}Data"):
        name = node.get("name") or ""
        if name not in KML_TIME_FIELDS.values():
            node.set("name", _HIDDEN + name.encode().hex())


def shown_name(column: str) -> str:
    """Undo how the name of a column was written for GDAL.

    Args:
        column: A column of KML as GDAL gives it.

    Returns:
        Its name in the file.
    """
    hidden = _HEX.fullmatch(column)
    return bytes.fromhex(hidden.group(1)).decode(errors="replace") if hidden else column


def _keep_kml_times(tree: etree._ElementTree) -> Iterator[str]:
    """Say the dates of each placemark again as text: GDAL would make moments of months and years."""
    links = list(tree.iter("{*}NetworkLink"))
    for link in links:
        link.getparent().remove(link)
    if links:
        yield f"{len(links)} links to other files were left out: Rutter fetches nothing."
    for placemark in tree.iter("{*}Placemark"):
        space = re.match(r"\{.*\}|", placemark.tag).group()  # type: ignore[union-attr]
        told = {
            name: [node.text.strip() for node in placemark.iter(f"{{*}}{name}") if node.text and node.text.strip()]
            for name in _KML_TIMES
        }
        if not any(told.values()):
            continue
        extended = placemark.find(f"{space}ExtendedData")
        if extended is None:
            extended = etree.SubElement(placemark, f"{space}ExtendedData")
        if len(told["when"]) > 1:  # a track, a time for each of its points
            told = {"begin": told["when"][:1], "end": told["when"][-1:], "times": told["when"]}
        for name, texts in told.items():
            if texts:
                field = etree.SubElement(extended, f"{space}Data", name=KML_TIME_FIELDS[name])
                etree.SubElement(field, f"{space}value").text = " ".join(texts)


KML_TIME_FIELDS = {name: f"{name}_" for name in (*_KML_TIMES, "times")}
"""What the dates are called on their way through GDAL, which has fields called `begin` and `end` itself."""
