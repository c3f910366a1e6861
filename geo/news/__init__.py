"""Articles in, candidates out: what a text says happened, where, when and who, and what went from where to where."""
