"""Markdown as its readers see it: the words without the marks."""

from __future__ import annotations

from geo.news.documents import blocks


def words_of(markdown: str) -> tuple[str, str]:
    """Take the marks off a Markdown text: links keep their words, pictures go.

    Args:
        markdown: A clean text.

    Returns:
        The text, a blank line between its blocks, and its first heading of the first order, or empty.
    """
    from markdown_it import MarkdownIt

    tree = blocks.parsed(MarkdownIt("commonmark", {"maxNesting": 100}).enable("table").render(markdown))
    if tree is None:
        return "", ""
    heading = tree.find(".//h1")
    return blocks.paragraphs(tree), "" if heading is None else blocks.paragraphs(heading)
