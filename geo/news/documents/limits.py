"""How much one go may take in. A file is read whole or refused whole: a text cut short would hide what it says."""

MB = 1_000_000

TEXT_BYTES = 2 * MB
"""Text, bare or pasted: a thousand pages, far beyond an article; its places and events still fit into memory."""

PAGE_BYTES = 20 * MB
"""Web pages as they are saved, with the pictures in them; trafilatura's own limit is the same."""

MARKDOWN_BYTES = 1 * MB
"""Markdown: taking the marks off it needs two hundred times its size in memory."""

FEED_BYTES = 3 * MB
"""RSS and Atom feeds: forty thousand short entries, for which feedparser takes some ten seconds."""

PAGE_CHARACTERS = 10 * MB
"""A web page without the pictures in it."""

PAGE_ELEMENTS = 50_000
"""Elements of a web page in which the article is looked for, within seconds; a long page has some thousands."""

FILE_BYTES = 100 * MB
"""PDF, Word and zip files, which carry pictures; also the most that one part of a Word file may unpack to."""

PDF_PAGES = 2_000
"""Pages of one PDF."""

ZIP_FILES = 2_000
"""Files in one zip."""

TOTAL_CHARACTERS = 100 * MB
"""Text that one call of `read_documents` keeps in memory."""
