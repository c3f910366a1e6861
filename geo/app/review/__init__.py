"""Review in the app: articles go in, candidates are decided one by one, and what is accepted is on the map."""
