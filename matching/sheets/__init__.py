"""The office's two sheets matched without a database: from a programme's name and two files to two files (EI-M).

For an office that wants the matching and nothing else. The columns, options, rules and weights are those of the
programme's file in `programmes/catalogue`; nothing is looked up and nothing is kept. A list of alumni isn't asked
either: what the office would have to check by hand counts as checked.
"""
