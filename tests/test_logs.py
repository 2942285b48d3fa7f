"""The log says what happened and where, and nothing that people wrote, who they are or where they come from."""

import io
import json
import logging
import subprocess
import sys
from contextlib import contextmanager

import pytest
from celery import shared_task
from django.conf import settings
from django.db import DatabaseError, IntegrityError, connection
from django.http import HttpResponse
from django.urls import path
from django.utils.log import AdminEmailHandler

from accounts.models import User
from accounts.tests.factories import UserFactory
from applications.tests.factories import ApplicationFactory
from mentorship import urls
from mentorship.lib import logs

WORD = "zymurgy"  # stands for whatever nobody but its owner may read
log = logging.getLogger("tests.logs")


def fail(request):
    kept_here = request.POST["text"] + request.GET["q"] + request.COOKIES["c"]
    log.error("Somebody at %s asked for %s", request.META["REMOTE_ADDR"], request.get_full_path())
    raise ValueError(kept_here)


def say(request):
    log.error("Said.")
    return HttpResponse("")


urlpatterns = [*urls.urlpatterns, path("fail/", fail), path("say/", say)]
handler500 = urls.handler500


@pytest.fixture
def written():
    """What the handler of production writes, with its formatter and to the lowest level."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.Json())
    root = logging.getLogger()
    root.addHandler(handler)
    level, root.level = root.level, logging.DEBUG
    yield stream
    root.removeHandler(handler)
    root.level = level


def lines(written):
    return [json.loads(line) for line in written.getvalue().splitlines()]


def record(message, *args, error=None, name="outbox"):
    told = (type(error), error, error.__traceback__) if error else None
    return logging.LogRecord(name, logging.WARNING, "file.py", 1, message, args, told)


def message(text, *args, **more):
    return json.loads(logs.Json().format(record(text, *args, **more)))["message"]


def raised(error, *, cause=None):
    try:
        raise error from cause
    except type(error) as caught:
        return caught


# What a line is


def test_a_line_is_an_object_of_json_with_moment_level_logger_and_message(written):
    log.warning("%s things\nin two lines", 3)

    assert lines(written) == [
        {
            "moment": "2026-01-14T09:30:00.000+00:00",
            "level": "WARNING",
            "logger": "tests.logs",
            "message": "3 things\nin two lines",
        }
    ]


@pytest.mark.urls("tests.test_logs")
@pytest.mark.django_db
def test_a_request_has_one_id_of_ours_on_its_lines_and_on_its_answer(client, written):
    answers = [client.get("/say/", headers={"X-Request-ID": "forged"}) for _ in range(2)]

    ids = [answer["X-Request-ID"] for answer in answers]
    assert [line["request"] for line in lines(written)] == ids
    assert "forged" not in ids and len(set(ids)) == 2


def test_between_requests_there_is_no_id(client, written):
    client.get("/robots.txt")
    log.error("Later.")

    assert "request" not in lines(written)[-1]


def test_a_task_s_line_has_the_id_of_the_task(written):
    @shared_task
    def say_so():
        log.error("Said.")

    outcome = say_so.apply()

    (line,) = [line for line in lines(written) if line["logger"] == "tests.logs"]
    assert line["task"] == outcome.id


def test_a_record_that_can_t_be_filled_in_is_written_as_it_is():
    assert message("%d of %s", "many") == "%d of %s"


# What never stands in one


@pytest.mark.urls("tests.test_logs")
@pytest.mark.django_db
def test_a_failing_page_leaves_nothing_of_what_was_sent(client, written):
    client.raise_request_exception = False
    client.cookies["c"] = f"{WORD}-cookie"

    answer = client.post(f"/fail/?q={WORD}-query", {"text": f"{WORD}-text"}, REMOTE_ADDR="198.51.100.7")

    assert (answer.status_code, answer["Cache-Control"]) == (500, "no-store")
    assert WORD not in written.getvalue() and "198.51.100.7" not in written.getvalue()
    (line,) = [line for line in lines(written) if line["logger"] == "django.request"]
    assert line["message"] == "Internal Server Error: /fail/"
    assert line["request"] == answer["X-Request-ID"]
    assert line["exception"][-1] == "ValueError"
    assert line["exception"][-2].endswith("in fail: raise ValueError(kept_here)")


@pytest.mark.django_db
def test_a_failing_statement_leaves_no_value(written):
    UserFactory(email=f"{WORD}@lse.ac.uk")

    with pytest.raises(IntegrityError) as caught, connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO accounts_user (email, name, password, is_active, is_superuser, time_zone, joined_at)"
            " VALUES (%s, %s, '', true, false, 'UTC', '2026-01-14')",
            [f"{WORD}@lse.ac.uk", WORD],
        )
    log.error("Not kept: %s", caught.value, exc_info=caught.value)

    assert WORD not in written.getvalue()
    codes = {"sqlite": "SQLITE_CONSTRAINT_UNIQUE", "postgresql": "23505"}
    line = lines(written)[-1]
    told = [each for each in line["exception"] if not each.startswith(" ")]
    assert told[0].partition("(")[2].startswith(codes[connection.vendor])
    assert told[1] == "django.db.utils.IntegrityError"
    assert line["message"] == "Not kept: django.db.utils.IntegrityError"


@contextmanager
def nothing_can_be_kept():
    """The database refuses the case with a text that repeats what it was given, as databases do."""

    def refuse(execute, sql, params, many, context):
        if sql.startswith("INSERT INTO") and "concerns_case" in sql:
            raise DatabaseError(f"{sql} {params}") from ValueError(WORD)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse):
        yield


@pytest.mark.clause("EI-6")
@pytest.mark.django_db
def test_a_concern_that_can_t_be_kept_leaves_no_word_in_the_log_and_comes_back_to_its_writer(client, written):
    person = ApplicationFactory(state="accepted").user
    client.force_login(person)
    form = client.get("/help/").context["form"]
    sent = {name: form[name].value() or "" for name in form.fields}
    words = f"He said {WORD} to me, and more than once."

    with nothing_can_be_kept():
        answer = client.post("/help/", sent | {"text": words}, headers={"Origin": "http://testserver"})

    assert answer.status_code == 503
    assert words in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"
    assert WORD not in written.getvalue() and person.email not in written.getvalue()
    (line,) = [line for line in lines(written) if line["logger"] == "concerns.views.reporting"]
    assert line["exception"][-1] == "django.db.utils.DatabaseError"


def test_of_an_exception_stand_types_codes_and_lines_of_code_for_its_causes_too():
    error = raised(ValueError(WORD), cause=raised(OSError(13, WORD)))

    line = json.loads(logs.Json().format(record("Broken: %r", error, error=error)))

    told = [each for each in line["exception"] if not each.startswith(" ")]
    assert told == ["PermissionError (13)", "ValueError"]
    assert line["message"] == "Broken: 'ValueError'"
    assert WORD not in json.dumps(line)


def test_a_task_that_fails_leaves_neither_its_arguments_nor_its_exception_s_words(written):
    @shared_task
    def break_down(text):
        raise ValueError(text)

    break_down.apply(args=[WORD])

    (line,) = [line for line in lines(written) if line["logger"] == "celery.app.trace"]
    assert line["exception"][-1] == "ValueError"
    assert line["task"] in line["message"]
    assert WORD not in written.getvalue()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("to ada@lse.ac.uk, and ADA+1@mail.lse.example.", "to …, and …"),
        (
            "Forbidden: /help/?q=a&b=c from https://x.example/?d",
            "Forbidden: /help/?… from https://x.example/?…",
        ),
        ("Really? Yes.", "Really? Yes."),
        ("Key (email, name)=(ada, Ada) already exists", "Key (email, name)=(…) already exists"),
        ("from 198.51.100.7: x, 2001:db8::7 or 198.51.100.7:81", "from …: x, … or …:81"),
        (
            "at 09:30:00 by 2.10.1 on 127.0.0.1:8000 and ::1",
            "at 09:30:00 by 2.10.1 on 127.0.0.1:8000 and ::1",
        ),
        ("Gone: /welcome/Mg/d3x-0123456789abcdef:sig/", "Gone: /welcome/Mg/…/"),
        (
            "Gone: /cases/123e4567-e89b-12d3-a456-426614174000/",
            "Gone: /cases/123e4567-e89b-12d3-a456-426614174000/",
        ),
    ],
    ids=["e-mail", "query", "question", "key", "address", "no address", "secret link", "id of a row"],
)
def test_addresses_queries_and_links_secrets_are_left_out(text, told):
    assert message(text) == told
    assert message("%s", text) == told
    assert logs.Plain().format(record(text)) == f"2026-01-14 09:30:00.000+00:00 WARNING outbox {told}"


def test_a_row_is_named_by_its_key():
    assert message("Not written to %s.", User(pk=7, name=WORD)) == "Not written to User 7."


def test_what_a_record_carries_beside_its_message_is_not_written(written):
    log.error("Said.", extra={"request": WORD, "data": WORD}, stack_info=True)

    assert WORD not in written.getvalue()


# Who else might write


def test_nothing_writes_but_by_the_formatter():
    """Neither Django's mail to the administrators, with bodies and local variables, nor a server's own lines."""
    code = (
        "import logging, django; django.setup();"
        "loggers = [logging.getLogger(name) for name in [*logging.root.manager.loggerDict, 'gunicorn.access']];"
        "handlers = [one for logger in [logging.root, *loggers] for one in logger.handlers];"
        "writing = [one for one in handlers if not isinstance(one, logging.NullHandler)];"
        "print(sorted({type(one.formatter).__module__ for one in writing}),"
        "logging.getLogger('gunicorn.access').propagate)"
    )
    environment = {
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "PATH": "/usr/bin:/bin",
        "VAR_DIR": "/nowhere",
    }

    run = subprocess.run(
        [sys.executable, "-c", code], cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True
    )

    assert run.stdout == "['mentorship.lib.logs'] False\n", run.stderr


def test_no_logger_here_mails_reports_to_administrators():
    loggers = [logging.root, *map(logging.getLogger, logging.root.manager.loggerDict)]

    assert [one.name for one in loggers for each in one.handlers if isinstance(each, AdminEmailHandler)] == []
