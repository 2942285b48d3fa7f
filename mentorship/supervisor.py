"""`make run`: the example on this machine, all of it under one Ctrl-C.

One process serves the pages (gunicorn), two do what is due (Celery workers), one says when (their clock). This module
prepares the database, starts all three, and sees to it that none outlives another, or this.
"""

from __future__ import annotations

import ctypes
import http.client
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

import django
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connections

BASE_DIR = Path(__file__).resolve().parent.parent
SECONDS_TO_STOP = 15
SECONDS_TO_START = 90
MARK = "# Written by `make run` for the rehearsal with invented people. Production sets an environment of its own."
DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG of Linux

WELCOME = """
The example is at  {site}/   (Ctrl-C stops it)
Its mail is at     {site}/mailbox/
The office is at   {site}/admin/

All of these sign in with the password mentoring-demo-2025:
  ei-admin@lse.example        administers the alumni programme
  staff-admin@lse.example     administers the staff programme
  ei-handler@lse.example      handles concerns of the alumni programme
  staff-handler@lse.example   handles concerns of the staff programme
  root@lse.example            superuser
  mentor@alumni.example       mentor of an active pair
  mentee@lse.example          mentee of that pair
  outsider@lse.example        has signed up and is in nothing
"""


class Problem(Exception):
    """A sentence for whoever typed `make run`."""


def main() -> int:
    try:
        port = free_port(os.environ.get("PORT") or "8000")
        os.environ["PORT"] = str(port)
        write_environment(Path(os.environ.get("ENV_FILE") or BASE_DIR / ".env"), port)
        prepare()
        return run_together(commands(port), is_ready=lambda: answers(port), announce=welcome)
    except Problem as problem:
        print(problem, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def free_port(text: str) -> int:
    """The port that was asked for, if it is one and nobody has it."""
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise Problem(f"PORT must be a number from 1 to 65535, not “{text}”.")
    with socket.socket() as attempt:
        attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            attempt.bind(("127.0.0.1", int(text)))
        except OSError:
            raise Problem(
                f"Port {text} can't be used: something else has it, or you may not take it. Another one:"
                f" make run PORT={int(text) % 60000 + 1}"
            ) from None
    return int(text)


def write_environment(file: Path, port: int) -> None:
    """Settings and secrets of the example, once, so that `manage.py` in another shell works on the example too.

    The port is kept up to date, since links in messages carry it. A file of somebody's own stays as it is.
    """
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(
            f"{MARK}\nEXAMPLE=1\nPORT={port}\n"
            f"SECRET_KEY={secrets.token_urlsafe(50)}\nCONCERN_KEYS={secrets.token_urlsafe(50)}\n"
        )
    elif (text := file.read_text()).startswith(MARK):
        file.write_text(re.sub(r"(?m)^PORT=.*$", f"PORT={port}", text))


def prepare() -> None:
    """Migrate, install the programmes and load the example; nothing that is there already is touched."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mentorship.settings")
    django.setup()
    if not settings.EXAMPLE:
        raise Problem(
            "`make run` starts the example only, and your environment or .env doesn't say EXAMPLE=1."
        )
    for folder in ("queue", "control", "static"):
        (settings.VAR_DIR / folder).mkdir(parents=True, exist_ok=True)
    print("Preparing the database ...", flush=True)
    try:
        call_command("migrate", interactive=False, verbosity=0)
        call_command("install_programmes")
        call_command("load_example")
    except CommandError as refusal:
        raise Problem(str(refusal)) from None
    connections.close_all()


def commands(port: int) -> dict[str, list[str]]:
    """What runs beside one another. One web process: sign-in's limits are counted in its memory. A worker for the
    matching alone: a run may take minutes, and mail doesn't wait for it."""
    gunicorn = f"gunicorn mentorship.wsgi --bind 127.0.0.1:{port} --workers 1 --threads 8 --log-level warning"
    worker = (
        "celery --quiet --app mentorship worker --pool prefork --concurrency 1 --loglevel WARNING"
        " --without-gossip --without-mingle --without-heartbeat --queues"
    )
    clock = "celery --quiet --app mentorship beat --loglevel WARNING"
    schedule = str(settings.VAR_DIR / f"clock-{port}")
    python = [sys.executable, "-W", "ignore:You're running the worker with superuser privileges", "-m"]
    return {
        "The web server": [*python, *gunicorn.split()],
        "The worker": [*python, *worker.split(), "mail,default", "--hostname", "worker@%h"],
        "The matching's worker": [*python, *worker.split(), "matching", "--hostname", "matching@%h"],
        "The clock": [*python, *clock.split(), "--schedule", schedule, "--pidfile", ""],
    }


def answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status < 600
    except OSError:
        return False
    finally:
        connection.close()


def welcome() -> None:
    print(WELCOME.format(site=settings.SITE_URL), flush=True)


def run_together(
    commands: dict[str, list[str]], *, is_ready: Callable[[], bool], announce: Callable[[], None]
) -> int:
    """Start all commands, announce when they are ready, and stop all when somebody asks or one of them ends.

    Returns 0 if somebody asked (Ctrl-C, SIGTERM); raises Problem if a command ended or nothing became ready.
    """
    asked: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda received, _frame: asked.append(received))
    children: dict[str, subprocess.Popen[bytes]] = {}
    try:
        for name, command in commands.items():
            children[name] = _start(command)
        _watch(children, asked, is_ready, announce)
    finally:
        _stop(children.values())
    return 0


def _watch(
    children: dict[str, subprocess.Popen[bytes]],
    asked: list[int],
    is_ready: Callable[[], bool],
    announce: Callable[[], None],
) -> None:
    started_at, is_announced = time.monotonic(), False
    while not asked:
        for name, child in children.items():
            if child.poll() is not None:
                raise Problem(
                    f"{name} has stopped by itself (exit code {child.returncode}), so everything stops."
                )
        if not is_announced and is_ready() and not asked:
            announce()
            is_announced = True
        if not is_announced and time.monotonic() > started_at + SECONDS_TO_START:
            raise Problem(f"Nothing answered within {SECONDS_TO_START} seconds, so everything stops.")
        time.sleep(0.2)


def _start(command: list[str]) -> subprocess.Popen[bytes]:
    """In a group of its own: Ctrl-C reaches this process alone, and what a child starts can be found again."""
    return subprocess.Popen(command, cwd=BASE_DIR, start_new_session=True, preexec_fn=_die_with_parent)


def _die_with_parent() -> None:
    """On Linux, have the kernel stop this process should the supervisor be killed outright."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGTERM)


def _stop(children: Iterable[subprocess.Popen[bytes]]) -> None:
    """Ask each to finish, then end what is left of its group."""
    for child in children:
        child.terminate()
    deadline = time.monotonic() + SECONDS_TO_STOP
    for child in children:
        with suppress(subprocess.TimeoutExpired):
            child.wait(timeout=max(0.0, deadline - time.monotonic()))
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()


if __name__ == "__main__":
    sys.exit(main())
