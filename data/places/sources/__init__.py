"""What the gazetteer is built from, one source a module."""
