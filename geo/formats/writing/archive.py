"""Several files as one zip."""

from __future__ import annotations

import io
from collections.abc import Mapping
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Pack files.

    Args:
        files: Name -> content.

    Returns:
        The zip; the same files give the same bytes.
    """
    packed = io.BytesIO()
    with ZipFile(packed, "w") as archive:
        for name, content in files.items():
            archive.writestr(ZipInfo(name), content, compress_type=ZIP_DEFLATED)
    return packed.getvalue()
