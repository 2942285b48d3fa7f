"""Several people, or one person twice, at the same moment."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from django.db import connection

from mentorship.lib.refusals import NotPossible


def at_once(*acts):
    """Do all of these at the same moment, each with a connection of its own; what refuses with a sentence may."""
    start = threading.Barrier(len(acts))

    def act(number):
        start.wait()
        try:
            with suppress(NotPossible):
                acts[number]()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        list(pool.map(act, range(len(acts))))


def by_another(act):
    """Do something with a connection of its own that waits three seconds for a lock at most."""

    def with_patience():
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '3s'")
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(with_patience).result()
