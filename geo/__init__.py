"""Rutter: reports and spreadsheets in, a time-sliced map of events and routes out, with no network at all.

The public names stand in `__init__.pyi`; each is imported when it is first used, so that a small job starts fast.
"""

import os

import lazy_loader

# Arrow's own allocator keeps what it has once had: 20 MB more for a column of names, and no quicker here.
os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
