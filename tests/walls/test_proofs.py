"""Which pages staff are kept from until they have a second step, and which ask everybody to prove who they are."""

import pytest
from django.urls import reverse

from tests.walls.crawl import walk
from tests.walls.routes import routes
from tests.walls.side import NOW
from tests.walls.table import ROWS, Row

pytestmark = [pytest.mark.django_db, pytest.mark.clause("ALL-1")]
STAFF = ["AD", "EL", "CH", "SU"]
# Open to staff who have no second step yet: getting help, going, proving who one is, and setting one up.
OPEN = {
    *("concern", "concern_answers", "concern_add", "concern_received", "my_concerns", "my_concern_add"),
    *("account_logout", "admin:logout", "account_reauthenticate", "sign_in_again"),
    *("account_email", "account_email_verification_sent"),
    *("mfa_index", "mfa_authenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn"),
    *("mfa_login_webauthn", "mfa_activate_totp", "mfa_deactivate_totp", "mfa_view_recovery_codes"),
    *("mfa_download_recovery_codes", "mfa_generate_recovery_codes", "mfa_list_webauthn"),
    *("mfa_add_webauthn", "mfa_edit_webauthn", "mfa_remove_webauthn"),
}
# Ask for a proof that is fresh: one's own ways in, a copy of one's data and its end, and what the office and the
# handlers of concerns give away.
OWN_WAYS_IN = {
    *("account_set_password", "mfa_activate_totp", "mfa_generate_recovery_codes"),
    *("mfa_add_webauthn", "mfa_edit_webauthn", "mfa_remove_webauthn"),
}
OF_THE_OFFICE = {
    *("admin:matching_release", "admin:programmes_duty_add", "admin:programmes_duty_delete"),
    "admin:overview_retentionperiod_change",
    *("admin:partnerships_disclosure_seen_by", "admin:partnerships_disclosure_seen_by_file"),
}
OWN_DATA = {"delete_account"}
CASES = {"case", "cases_summary_csv"}
FIGURES = {"admin:overview_snapshot_csv"}
VERBS = {
    *("case_answer", "case_note", "case_publish", "case_assign", "case_move", "case_close"),
    *("case_keep_from", "case_pause", "case_resume", "case_find"),
}
READ_AFTER_A_PROOF = OWN_WAYS_IN | OWN_DATA | {"download_my_data"} | OF_THE_OFFICE | CASES | FIGURES
SENT_AFTER_A_PROOF = OWN_WAYS_IN | OWN_DATA | OF_THE_OFFICE | VERBS
# Ways to prove it that these people haven't got: they lead to the one by password, however fresh a proof is.
OTHER_WAYS = {"mfa_reauthenticate", "mfa_reauthenticate_webauthn"}


def one_of_each(method):
    """Each route once, at the first object that the table has for it."""
    found = {row.route: row for row in reversed(ROWS)}
    found |= {row.route: row for row in reversed(ROWS) if row.method == method}
    return [found[route] for route in sorted(found)]


def led(world, role, method, page, names=None):
    """The routes that lead a role to a page, by this method."""
    rows = [row for row in one_of_each(method) if names is None or row.route in names]
    cells = walk(world, [Row(row.route, row.of, method, {role: "go"}) for row in rows]).cells
    assert [str(cell) for cell in cells if cell.error] == []
    return {cell.route for cell in cells if cell.where == reverse(page)}


def signed_in(world, role, *, minutes):
    """Long ago, and at work ever since."""
    session = world.clients[role].session
    session.update({"signed_in_at": NOW.timestamp() - minutes * 60, "seen_at": NOW.timestamp()})
    session.save()


@pytest.fixture
def stepping_up(settings):
    settings.STEP_UP = settings.ACCOUNT_REAUTHENTICATION_REQUIRED = True


@pytest.mark.parametrize("role", STAFF)
def test_staff_without_a_second_step_are_led_to_set_one_up(world, settings, role):
    settings.STAFF_SECOND_FACTOR = True

    assert routes() - led(world, role, "GET", "mfa_index") == OPEN


def test_pages_that_give_much_away_ask_for_a_proof_and_no_others_do(world, stepping_up):
    signed_in(world, "SU", minutes=20)

    assert led(world, "SU", "GET", "account_reauthenticate") == READ_AFTER_A_PROOF | OTHER_WAYS


def test_what_is_sent_there_asks_too_and_nothing_else_does(world, stepping_up):
    signed_in(world, "SU", minutes=50)

    assert led(world, "SU", "POST", "account_reauthenticate") == SENT_AFTER_A_PROOF | OTHER_WAYS


@pytest.mark.parametrize("role", ["Pa", "AD", "EL", "CH"])
def test_they_ask_whoever_comes_that_far(world, stepping_up, role):
    """Before it is looked up what is theirs: so asking tells nobody what there is."""
    signed_in(world, role, minutes=50)
    out_of_reach = set() if role in {"AD", "EL"} else OF_THE_OFFICE | FIGURES

    for method, names in (("GET", READ_AFTER_A_PROOF), ("POST", SENT_AFTER_A_PROOF)):
        assert led(world, role, method, "account_reauthenticate", names) == names - out_of_reach


@pytest.mark.parametrize(
    ("method", "minutes", "names"), [("GET", 14, READ_AFTER_A_PROOF), ("POST", 44, SENT_AFTER_A_PROOF)]
)
def test_whoever_has_just_proved_it_is_not_asked(world, stepping_up, method, minutes, names):
    signed_in(world, "SU", minutes=minutes)

    assert led(world, "SU", method, "account_reauthenticate", names) == set()
