"""Places in the app: going to one, seeing what a name may mean, correcting it."""
