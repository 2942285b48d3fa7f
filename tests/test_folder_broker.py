"""The queue of the rehearsal: what a worker finds in the folder is whole."""

import subprocess
import sys
from queue import Empty

import pytest
from django.conf import settings
from kombu import Connection

from mentorship.lib import folder_broker

MESSAGES = 500
WRITE = """
import sys
from tests.test_folder_broker import connect
with connect(sys.argv[1]) as connection:
    queue = connection.SimpleQueue("mail")
    for number in range(int(sys.argv[2])):
        queue.put(number)
"""


def connect(folder):
    folder_broker.register()
    folders = {
        "data_folder_in": f"{folder}",
        "data_folder_out": f"{folder}",
        "control_folder": f"{folder}/control",
    }
    return Connection("folder://localhost", transport_options={**folders, "polling_interval": 0.001})


def start_writer(folder):
    """Another process, as the clock is to the worker."""
    return subprocess.Popen([sys.executable, "-c", WRITE, folder, str(MESSAGES)], cwd=settings.BASE_DIR)


def take_all(folder):
    with connect(folder) as connection:
        queue = connection.SimpleQueue("mail")
        for _ in range(MESSAGES):
            message = queue.get(timeout=20)
            message.ack()
            yield message.payload


def test_a_reader_that_never_waits_finds_each_message_whole_and_in_order(tmp_path):
    writer = start_writer(tmp_path)

    found = list(take_all(tmp_path))

    assert (writer.wait(), found) == (0, list(range(MESSAGES)))


def test_messages_wait_for_a_reader_in_the_order_in_which_they_came(tmp_path):
    start_writer(tmp_path).wait()

    assert list(take_all(tmp_path)) == list(range(MESSAGES))


def test_a_message_that_is_being_written_is_nobodys_yet(tmp_path):
    (tmp_path / "00000000000000000001_draft.mail.msg.part").write_text("")

    with connect(tmp_path) as connection, pytest.raises(Empty):
        connection.SimpleQueue("mail").get(timeout=0.05)
