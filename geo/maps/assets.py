"""The files that a page carries inside itself: our scripts and styles, Leaflet, packed data."""

from __future__ import annotations

import base64
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import xstatic.pkg.leaflet

from geo.errors import MissingFileError

HERE = Path(__file__).resolve().parent
LEAFLET = Path(xstatic.pkg.leaflet.BASE_DIR)
UNSAFE_IN_SCRIPT = str.maketrans({char: f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"})
MEDIA_TYPES = {".png": "image/png", ".svg": "image/svg+xml"}


def read(path: Path) -> bytes:
    """Content of a bundled file.

    Args:
        path: The file.

    Returns:
        Its bytes.

    Raises:
        MissingFileError: The file is not there.
    """
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise MissingFileError(f"{path} is missing: the installation is incomplete, install Rutter again.") from error


@cache
def script(name: str) -> str:
    """Text of one of our scripts, safe inside `<script>`.

    Args:
        name: File name in `geo/maps/js` without `.js`.

    Returns:
        JavaScript.

    Raises:
        MissingFileError: There is no such file.
    """
    return close_safe(read(HERE / "js" / f"{name}.js").decode())


@cache
def style(name: str) -> str:
    """Text of one of our style sheets.

    Args:
        name: File name in `geo/maps/css` without `.css`.

    Returns:
        CSS.

    Raises:
        MissingFileError: There is no such file.
    """
    return read(HERE / "css" / f"{name}.css").decode()


@cache
def packed(path: Path) -> str:
    """A binary file as base64 text.

    Args:
        path: The file.

    Returns:
        Base64 in ASCII, without line breaks.

    Raises:
        MissingFileError: The file is not there.
    """
    return base64.b64encode(read(path)).decode()


def data_uri(path: Path) -> str:
    """An image as a `data:` address.

    Args:
        path: A PNG or SVG file.

    Returns:
        The address.

    Raises:
        MissingFileError: The file is not there.
    """
    return f"data:{MEDIA_TYPES[path.suffix]};base64,{base64.b64encode(read(path)).decode()}"


@cache
def leaflet_script() -> str:
    """Leaflet, with its marker images inside, safe inside `<script>`.

    Returns:
        JavaScript that defines `window.L`.

    Raises:
        MissingFileError: XStatic-Leaflet is installed without its files.
    """
    code = re.sub(r"\n//# sourceMappingURL=.*", "", read(LEAFLET / "leaflet.js").decode())
    images = {
        "iconUrl": data_uri(LEAFLET / "images" / "marker-icon.png"),
        "iconRetinaUrl": data_uri(LEAFLET / "images" / "marker-icon-2x.png"),
        "shadowUrl": data_uri(LEAFLET / "images" / "marker-shadow.png"),
    }
    icons = f"L.Icon.Default.imagePath = '';\nL.Icon.Default.mergeOptions({json_for_script(images)});\n"
    return close_safe(f"{code}\n{icons}")


@cache
def leaflet_style() -> str:
    """Leaflet's style sheet with its images inside.

    Returns:
        CSS that asks for no file.

    Raises:
        MissingFileError: XStatic-Leaflet is installed without its files.
    """
    css = read(LEAFLET / "leaflet.css").decode()
    return re.sub(r"url\((images/[^)]+)\)", lambda found: f"url({data_uri(LEAFLET / found[1])})", css)


def close_safe(code: str) -> str:
    """JavaScript that does not end the `<script>` it stands in.

    Args:
        code: JavaScript in which `</script` and `<!--` stand in strings or comments at most.

    Returns:
        The same with those two written in another way.
    """
    return re.sub(r"<(?=/script|!--)", r"\\x3c", code, flags=re.IGNORECASE)


def json_for_script(value: Any) -> str:
    """JSON that is safe inside `<script>` whatever texts it holds.

    Args:
        value: Anything `json` can write; not-a-number and infinity are refused.

    Returns:
        JSON in which `<`, `>`, `&` and the line separators U+2028 and U+2029 are escaped.

    Raises:
        ValueError: A number is not finite.
    """
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.translate(UNSAFE_IN_SCRIPT)


@cache
def gif_encoder() -> str:
    """The GIF encoder gifenc, safe inside `<script>`.

    Returns:
        JavaScript that defines `window.Rutter.gifenc`.

    Raises:
        MissingFileError: The file is not there.
    """
    code = read(HERE / "vendor" / "gifenc.esm.js").decode()
    body, names = re.fullmatch(r"(.*)export\{([^}]*)\};?\s*", code, re.DOTALL).groups()  # type: ignore[union-attr]
    given = ", ".join(f'"{name}": {own}' for own, name in re.findall(r"(\w+) as (\w+)", names))
    return close_safe(
        f"(function(Rutter) {{ {body}\nRutter.gifenc = {{{given}}}; }})(window.Rutter = window.Rutter || {{}});"
    )
