from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from matching import proofs, records
from matching.models import MatchRun, RunRecord, SuggestedMember
from matching.tests.factories import RunFactory, suggested
from matching.tests.people import mentee, mentor, run

pytestmark = [pytest.mark.django_db, pytest.mark.clause("EI-M")]


@pytest.fixture
def pairs(cohort):
    """A run of pairs with somebody left out."""
    for name in ("Law", "Finance", "Art"):
        mentor(cohort, name, places=1), mentee(cohort, name)
    mentee(cohort, "Law", "Art")
    return run(cohort)


@pytest.fixture
def both(cohort, with_circles):
    """A run of a pair and a circle."""
    mentor(cohort, "Law", places=1, can_facilitate=True)
    for _ in range(2):
        mentee(cohort, "Law", pathway="circle")
    mentee(cohort, "Law", pathway="one_to_one"), mentee(cohort, pathway="either")
    return run(cohort)


def failures(run):
    found = MatchRun.objects.get(pk=run.pk)
    return [finding.says for finding in proofs.prove(found) if not finding.holds]


def tamper(run, **changes):
    """Change a run's record and seal it anew, as somebody who has the site's key could."""
    record = RunRecord.objects.get(run=run)
    for name, value in changes.items():
        setattr(record, name, value)
    record.seal = proofs.seal(MatchRun.objects.get(pk=run.pk), record.certificate)
    record.save()


@pytest.mark.parametrize("name", ["pairs", "both"])
def test_an_untouched_run_is_proved(name, request):
    assert failures(request.getfixturevalue(name)) == []


def test_the_proof_does_not_depend_on_what_became_of_people_since(pairs, cohort):
    cohort.applications.update(state="withdrawn")
    cohort.programme.pathways.update(forbids_same_division=True)

    assert failures(pairs) == []


def test_anything_that_was_changed_breaks_the_seal(pairs):
    MatchRun.objects.filter(pk=pairs.pk).update(upper_bound=99_999)

    assert failures(pairs)[0] == (
        "The seal is broken: the record was changed, or the site's secret key was replaced."
    )


def test_a_changed_input_is_not_the_one_of_the_run(pairs):
    text = records.unpacked(RunRecord.objects.get(run=pairs).input)

    tamper(pairs, input=records.packed(text.replace(b"Law", b"Art")))

    assert failures(pairs)[0] == "The stored input isn't the one of this run: its SHA-256 differs."


def test_an_input_that_is_not_whole_is_said_to_be_so(pairs):
    tamper(pairs, input=RunRecord.objects.get(run=pairs).input[:-10])

    assert failures(pairs) == ["The stored input isn't whole."]


def test_other_duals_prove_a_weaker_bound_only(pairs):
    certificate = RunRecord.objects.get(run=pairs).certificate
    certificate["prices"] = [0 for _ in certificate["prices"]]

    tamper(pairs, certificate=certificate)

    (said,) = failures(pairs)
    assert said.startswith("Proved is only that no choice that places as many has a total above ")


def test_other_pairs_are_not_the_suggestions_and_give_other_figures(pairs):
    certificate = RunRecord.objects.get(run=pairs).certificate
    certificate["pairs"] = certificate["pairs"][:-1]

    tamper(pairs, certificate=certificate)

    assert failures(pairs)[0] == "The suggestions aren't those of the certificate."
    assert failures(pairs)[1].startswith("The certificate gives 2 people placed")


def test_a_pair_above_capacity_is_not_possible(pairs):
    certificate = RunRecord.objects.get(run=pairs).certificate
    certificate["pairs"] = [[i, 0] for i, _ in certificate["pairs"]]

    tamper(pairs, certificate=certificate)

    assert failures(pairs)[-1] == (
        "The result isn't possible: A mentor is locked to more mentees than there are places."
    )


def test_a_suggestion_that_was_exchanged_in_the_database_is_found_out(pairs):
    one, other = SuggestedMember.objects.filter(part="mentor").order_by("pk")[:2]
    one.application, other.application = other.application, one.application
    SuggestedMember.objects.bulk_update([one, other], ["application"])

    assert failures(pairs) == ["The suggestions aren't those of the certificate."]


@pytest.mark.parametrize("figure", ["placed", "total", "smallest", "upper_bound", "seed"])
def test_a_figure_that_was_raised_is_found_out_even_if_it_was_sealed_anew(pairs, figure):
    raised = {figure: getattr(pairs, figure) + 1}
    if figure == "total":
        raised["upper_bound"] = pairs.upper_bound + 1
    MatchRun.objects.filter(pk=pairs.pk).update(**raised)

    tamper(pairs)

    assert failures(pairs) != []


@pytest.fixture
def fairest(cohort):
    """A run whose weakest fit is as good as can be, and better than that of the largest total."""
    cohort.programme.pathways.update(objective="fairest")
    mentor(cohort, "A", "B", "C", places=1), mentor(cohort, "A", places=1)
    mentee(cohort, "A", "B", "C"), mentee(cohort, "B", "C", "A")
    mentee(cohort, "A", "B")
    return run(cohort)


def test_the_fairest_run_is_proved(fairest):
    assert failures(fairest) == []


def forged(run, certificate, **figures):
    """The record of a run whose result was exchanged, suggestions and all, by somebody with the site's key."""
    MatchRun.objects.filter(pk=run.pk).update(**figures)
    tamper(run, certificate=certificate)
    return failures(run)


def test_a_floor_that_nobody_asked_for_proves_nothing(pairs):
    certificate = RunRecord.objects.get(run=pairs).certificate | {"floor": 10**6}

    said = forged(pairs, certificate, is_optimal=False)

    assert "The certificate claims a weakest fit, which this run's objective doesn't ask for." in said


def test_a_fairest_run_without_its_floor_is_not_proved(fairest):
    certificate = RunRecord.objects.get(run=fairest).certificate | {"floor": None, "cover": None}

    assert forged(fairest, certificate) == [
        "The certificate doesn't prove that the weakest fit is as good as can be."
    ]


@pytest.mark.parametrize("floor", [10**6, 10**400, 1e308, True, "1"])
def test_a_floor_above_the_choice_itself_or_that_is_no_number_is_not_possible(fairest, floor):
    certificate = RunRecord.objects.get(run=fairest).certificate | {"floor": floor}

    assert failures(fairest) == [] != forged(fairest, certificate)


def test_a_floor_in_a_run_with_circles_proves_nothing_either(both):
    certificate = RunRecord.objects.get(run=both).certificate | {"floor": 10**6}

    assert "The certificate claims a weakest fit" in " ".join(forged(both, certificate))


@pytest.mark.parametrize(
    "change",
    [
        lambda run: run.suggestions.update(pathway="circle"),
        lambda run: SuggestedMember.objects.filter(part="mentee").update(fit=9_999),
        lambda run: SuggestedMember.objects.filter(part="mentor").update(part="facilitator"),
        lambda run: suggested(run, *(m.application for m in run.suggestions.first().members.all())),
    ],
    ids=["pathway", "fit", "part", "twice"],
)
def test_whatever_of_a_suggestion_was_changed_is_found_out(pairs, change):
    change(pairs)

    assert failures(pairs) == ["The suggestions aren't those of the certificate."]


@pytest.mark.parametrize("change", [{"is_trial": True}, {"pathway": "one_to_one"}, {"comparison": {}}])
def test_what_a_run_is_about_is_sealed_too(pairs, change):
    MatchRun.objects.filter(pk=pairs.pk).update(**change)

    assert failures(pairs) == [
        "The seal is broken: the record was changed, or the site's secret key was replaced."
    ]


def test_a_circle_with_somebody_in_it_twice_is_not_possible(both):
    certificate = RunRecord.objects.get(run=both).certificate
    certificate["circles"][0][1].append(certificate["pairs"][0][0])

    tamper(both, certificate=certificate)

    assert failures(both)[-1].startswith("The result isn't possible: ")


@pytest.mark.parametrize("broken", [{}, {"pairs": "x"}, {"pairs": [[0, 0]], "prices": None}, []])
def test_a_certificate_that_cannot_be_read_is_said_to_be_so(pairs, broken):
    tamper(pairs, certificate=broken)

    assert failures(pairs) != []


def test_a_run_without_a_record_has_no_certificate(cohort):
    old = RunFactory(cohort=cohort)
    suggested(old, mentor(cohort), mentee(cohort))

    assert failures(old) == [
        "This run has no certificate: it didn't finish, or was made before there were any."
    ]


def test_the_same_people_and_seed_have_the_same_fingerprint(pairs, cohort):
    assert run(cohort).input_hash == pairs.input_hash
    assert run(cohort, seed=1).input_hash != pairs.input_hash


def test_the_command_says_what_holds(pairs):
    out = StringIO()

    call_command("verify_match", pairs.pk, stdout=out)

    assert out.getvalue().count("holds  ") == 7
    assert "Proved: no choice places more people" in out.getvalue()


def test_the_command_fails_where_anything_does_not_hold(pairs):
    MatchRun.objects.filter(pk=pairs.pk).update(placed=99)

    with pytest.raises(CommandError, match="isn't proved"):
        call_command("verify_match", pairs.pk, stdout=StringIO())


def test_the_command_says_that_there_is_no_such_run():
    with pytest.raises(CommandError, match="There is no match run 77"):
        call_command("verify_match", 77)
