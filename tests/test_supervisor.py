"""`make run` ends as one: nothing it started outlives it, and each end has its reason in words."""

import os
import signal
import socket
import subprocess
import sys
import time

import pytest
from django.conf import settings
from django.core.management import call_command

from mentorship import supervisor
from programmes.models import CatalogueRow

SLEEPER = "import os, time; open(os.environ['FOLDER'] + f'/{os.getpid()}', 'w').close(); time.sleep(600)"
STUBBORN = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {SLEEPER}"
PARENT = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {SLEEPER!r}]); {SLEEPER}"
SHORT_LIVED = "import time; time.sleep(0.5); raise SystemExit(3)"
RUN = """
import sys
from mentorship import supervisor
supervisor.SECONDS_TO_STOP = 2
commands = {f"Child {number}": [sys.executable, "-c", code] for number, code in enumerate(sys.argv[1:], start=1)}
try:
    sys.exit(supervisor.run_together(commands, is_ready=lambda: True, announce=lambda: print("ready", flush=True)))
except supervisor.Problem as problem:
    sys.exit(str(problem))
"""


@pytest.fixture
def run(tmp_path):
    """Starts the supervisor with children of these programs, and ends whatever is left."""
    started = []

    def run(*programs):
        process = subprocess.Popen(
            [sys.executable, "-c", RUN, *programs],
            cwd=settings.BASE_DIR,
            env={**os.environ, "FOLDER": str(tmp_path)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield run
    for process in started:
        process.kill()
        process.communicate()
    for pid in alive(tmp_path):
        os.kill(pid, signal.SIGKILL)


def alive(folder):
    """Children that have started and run still."""
    return [int(file.name) for file in folder.iterdir() if is_running(int(file.name))]


def is_running(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def wait_for(condition, seconds=20):
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert condition()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize(("program", "processes"), [(SLEEPER, 1), (STUBBORN, 1), (PARENT, 2)])
def test_when_somebody_asks_everything_stops_and_that_is_no_failure(
    run, tmp_path, number, program, processes
):
    process = run(program)
    wait_for(lambda: len(alive(tmp_path)) == processes)

    said = process.stdout.readline()
    process.send_signal(number)
    process.wait(timeout=20)

    assert (process.returncode, said, process.stdout.read()) == (0, "ready\n", "")
    wait_for(lambda: alive(tmp_path) == [])


def test_when_one_ends_the_others_stop_and_the_sentence_says_which(run, tmp_path):
    process = run(SLEEPER, SHORT_LIVED)

    _, errors = process.communicate(timeout=20)

    sentence = "Child 2 has stopped by itself (exit code 3), so everything stops.\n"
    assert (process.returncode, errors, alive(tmp_path)) == (1, sentence, [])


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells children of their parent's end")
def test_nothing_outlives_a_supervisor_that_was_killed(run, tmp_path):
    process = run(SLEEPER)
    wait_for(lambda: len(alive(tmp_path)) == 1)

    process.kill()

    wait_for(lambda: alive(tmp_path) == [])


@pytest.mark.django_db
def test_a_step_that_refuses_is_said_as_its_sentence(settings, tmp_path):
    settings.EXAMPLE, settings.VAR_DIR = True, tmp_path
    call_command("install_programmes", verbosity=0)
    CatalogueRow.objects.filter(path__startswith="policy_versions").update(values={})

    with pytest.raises(supervisor.Problem, match="Nothing was installed. .* stays as people accepted it"):
        supervisor.prepare()


def test_a_port_that_is_in_use_is_said_before_anything_starts():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        with pytest.raises(supervisor.Problem, match=f"Port {port} can't be used"):
            supervisor.free_port(str(port))


@pytest.mark.parametrize("port", ["0", "65536", "eighty", "-1", ""])
def test_a_port_is_a_number_that_exists(port):
    with pytest.raises(supervisor.Problem, match="PORT must be a number"):
        supervisor.free_port(port)


def test_the_first_run_makes_secrets_that_later_runs_keep(tmp_path):
    file = tmp_path / "env"
    supervisor.write_environment(file, 8000)
    first = file.read_text()

    supervisor.write_environment(file, 9000)

    assert file.read_text() == first.replace("PORT=8000", "PORT=9000")
    assert (file.stat().st_mode & 0o777, "EXAMPLE=1\n" in first) == (0o600, True)


def test_two_machines_never_share_a_secret(tmp_path):
    for name in ("one", "other"):
        supervisor.write_environment(tmp_path / name, 8000)

    lines = [set((tmp_path / name).read_text().splitlines()[3:]) for name in ("one", "other")]
    assert (len(lines[0]), lines[0] & lines[1]) == (2, set())


def test_a_file_of_somebodys_own_is_left_alone(tmp_path):
    file = tmp_path / "env"
    file.write_text("PORT=80\n")

    supervisor.write_environment(file, 8000)

    assert file.read_text() == "PORT=80\n"
