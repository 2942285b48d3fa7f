"""The office's sheets: a file into a table, a table's columns into facts, a row into what would be stored.

Nothing here writes to the database; that is `applications.services.importing`.
"""
