"""The database itself keeps published texts, and what they show of people, as they were published."""

import io

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from programmes import triggers
from programmes.models import DisclosedFact, PolicyVersion
from programmes.tests.factories import DisclosedFactFactory, PolicyVersionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.clause("EI-1", "EI-1a", "EI-4a", "EI-5a")]
CHANGES = [
    "UPDATE programmes_policyversion SET text = 'Other.'",
    "UPDATE programmes_policyversion SET published_on = NULL",
    "DELETE FROM programmes_disclosedfact",
    "UPDATE programmes_disclosedfact SET fact = 'bio'",
    "INSERT INTO programmes_disclosedfact (policy_version_id, direction, fact, label, position)"
    " SELECT id, 'of_mentor', 'bio', '', 2 FROM programmes_policyversion",
]


@pytest.fixture
def published():
    """A version with one fact. The triggers are installed as by a migration, twice: once more changes nothing."""
    fact = DisclosedFactFactory(policy_version__text="The policy.")
    editor = connection.schema_editor()
    triggers.install(editor)
    triggers.install(editor)
    return fact.policy_version


@pytest.mark.parametrize("statement", CHANGES)
def test_the_database_refuses_every_change_of_what_is_published(published, statement):
    with (
        pytest.raises(IntegrityError, match="never changes"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)

    assert (PolicyVersion.objects.get().text, DisclosedFact.objects.get().fact) == ("The policy.", "name")


def test_the_database_refuses_to_delete_a_published_version(published):
    bare = PolicyVersionFactory(published_on=None)
    PolicyVersion.objects.filter(pk=bare.pk).update(published_on="2025-09-01")

    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        PolicyVersion.objects.filter(pk=bare.pk).delete()


def test_no_fact_is_moved_into_a_published_version(published):
    draft = DisclosedFactFactory(policy_version__published_on=None)

    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        DisclosedFact.objects.filter(pk=draft.pk).update(policy_version=published, direction="of_mentee")


def test_a_draft_can_be_altered_published_and_deleted(published):
    draft = PolicyVersionFactory(published_on=None, label="draft")
    fact = DisclosedFactFactory(policy_version=draft)
    DisclosedFact.objects.filter(pk=fact.pk).update(fact="bio")
    fact.delete()
    PolicyVersion.objects.filter(pk=draft.pk).update(text="Better.")
    PolicyVersion.objects.filter(pk=draft.pk).update(published_on="2026-01-14")
    PolicyVersionFactory(published_on=None).delete()

    assert PolicyVersion.objects.get(label="draft").text == "Better."


def test_both_programmes_are_installed_under_it(published):
    call_command("install_programmes", verbosity=0, stdout=io.StringIO())

    kinds = PolicyVersion.objects.exclude(pk=published.pk).order_by("programme__slug", "kind")
    assert list(kinds.values_list("programme__slug", "kind")) == [
        (slug, kind) for slug in ("bame-staff", "ei-alumni") for kind in ("guidance", "notice", "policy")
    ]


def test_a_migration_that_goes_backwards_takes_the_refusal_away(published):
    triggers.remove(connection.schema_editor())

    PolicyVersion.objects.update(text="Other.")

    assert PolicyVersion.objects.get().text == "Other."
