"""Files in, documents out: the words of an article, and what the file states of its headline, day and publisher."""

from geo.news.documents.folders import read_documents, read_uploads
from geo.news.documents.reading import pasted, read_bytes, read_document

__all__ = ["pasted", "read_bytes", "read_document", "read_documents", "read_uploads"]
