"""Celery's queue in a folder, for the rehearsal: kombu's own, whose files can be read before they are written.

Kombu gives a message its name and writes it afterwards; a worker that looks in between reads an empty file and stops.
Here a message is written first and gets its name when it is whole, and whoever reads or changes a table of queues has
it to themselves.
"""

from __future__ import annotations

import fcntl
import os
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kombu.transport import TRANSPORT_ALIASES, filesystem
from kombu.utils.json import dumps


class Channel(filesystem.Channel):
    def _put(self, queue: str, message: Any, **_: Any) -> None:  # type: ignore[override]
        """Names begin with a moment, since readers take them in order; what ends in .part is nobody's message yet."""
        file = Path(self.data_folder_out) / f"{time.monotonic_ns():020}_{uuid.uuid4()}.{queue}.msg"
        part = file.with_name(f"{file.name}.part")
        part.write_text(dumps(message))
        part.replace(file)

    def get_table(self, exchange: str) -> list[Any]:
        with self._tables():
            return super().get_table(exchange)

    def _queue_bind(self, *args: Any) -> None:
        with self._tables():
            super()._queue_bind(*args)

    def _delete(self, *args: Any, **kwargs: Any) -> None:
        with self._tables():
            super()._delete(*args, **kwargs)

    @contextmanager
    def _tables(self) -> Iterator[None]:
        """The tables of queues for this process alone."""
        self.control_folder.mkdir(parents=True, exist_ok=True)
        lock = os.open(self.control_folder / "lock", os.O_CREAT | os.O_RDWR, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)


class Transport(filesystem.Transport):
    Channel = Channel


def register() -> None:
    """Make addresses `folder://` mean this."""
    TRANSPORT_ALIASES["folder"] = f"{__name__}:Transport"
