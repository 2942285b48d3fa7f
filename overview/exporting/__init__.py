"""A copy of everything that is held about a person, for that person (Articles 15 and 20 UK GDPR).

`readable` turns rows into words, `own` says what is one's own where a row alone doesn't, `archive` writes the file.
Other people stand in it only as their own pages show them: else as “somebody else”.
"""
