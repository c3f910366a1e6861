"""Editing in the app: forms and table, undo and history, conflicts, and a dossier made into one to edit."""
