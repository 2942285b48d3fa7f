"""What is held of people: each table that says something of somebody, and what the law asks of it.

`holding` has the words for it, `registry` all tables; export, erasure, retention and the data map read nothing else.
"""
