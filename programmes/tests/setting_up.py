"""The admin as an office works in it: open a page, change some answers, save."""

import pytest
from django.urls import reverse

from programmes.models import PolicyVersion, Programme
from programmes.tests.pages import filled_in

PROGRAMME = {
    "name": "Research mentoring",
    "slug": "research",
    "team_name": "Research team",
    "summary": "For researchers.",
    "introduction": "A **third** one.",
    "audience": "Researchers.",
    "contact_address": "research@lse.example",
    "safeguarding_url": "https://school.example/safeguarding",
    "privacy_url": "https://school.example/privacy",
    "aims-0-text": "Write together.",
    "commitments-0-role": "mentor",
    "commitments-0-text": "Meet monthly.",
    "pathways-0-kind": "one_to_one",
    "pathways-0-label": "In pairs",
    "options-0-fact": "sectors",
    "options-0-name": "Economics",
    "options-1-fact": "support_areas",
    "options-1-name": "Writing",
    "asks-TOTAL_FORMS": "4",
    "asks-0-role": "mentor",
    "asks-0-fact": "bio",
    "asks-0-section": "You",
    "asks-0-label": "Who are you?",
    "asks-1-role": "mentor",
    "asks-1-fact": "places",
    "asks-1-section": "You",
    "asks-1-label": "How many can you take?",
    "asks-2-position": "2",
    "asks-2-is_required": "on",
    "asks-2-role": "mentee",
    "asks-2-fact": "support_areas",
    "asks-2-section": "You",
    "asks-2-label": "What do you need?",
    "asks-3-position": "3",
    "asks-3-role": "mentee",
    "asks-3-fact": "bio",
    "asks-3-section": "You",
    "asks-3-label": "Who are you?",
    "resources-0-title": "How to begin",
    "resources-0-text": "Begin.",
}
POLICY = {
    "kind": "policy",
    "label": "2026",
    "text": "Be kind.",
    "disclosed_facts-0-direction": "of_mentor",
    "disclosed_facts-0-fact": "name",
    "disclosed_facts-1-direction": "of_mentor",
    "disclosed_facts-1-fact": "bio",
    "disclosed_facts-2-direction": "of_mentee",
    "disclosed_facts-2-fact": "name",
    "disclosed_facts-3-direction": "of_mentee",
    "disclosed_facts-3-fact": "support_areas",
}
COHORT = {
    "name": "Spring",
    "slug": "spring",
    "sign_up_opens_on": "01/01/2026",
    "sign_up_closes_on": "31/01/2026",
    "starts_on": "02/02/2026",
    "ends_on": "30/06/2026",
    "key_dates-0-kind": "meeting",
    "key_dates-0-title": "First meeting",
    "key_dates-0-opens_on": "02/02/2026",
    "key_dates-0-closes_on": "31/03/2026",
}


def save(client, page, changes):
    """Open a page of the admin, change some answers and save; gives where that led."""
    shown = client.get(page)
    form_id = f"{shown.context['opts'].model_name}_form"
    response = client.post(page, filled_in(shown, form_id) | changes)
    if response.context and response.context.get("errors"):
        pytest.fail(f"{response.context['errors']}")
    return response


def set_up_a_third_programme(client) -> Programme:
    """“Research mentoring” with a policy and an open cohort; the client must be signed in as a superuser."""
    save(client, reverse("admin:programmes_programme_add"), PROGRAMME)
    programme = Programme.objects.get(slug="research")
    save(client, reverse("admin:programmes_policyversion_add"), {"programme": programme.pk} | POLICY)
    policy = PolicyVersion.objects.get(programme=programme)
    client.post(reverse("admin:programmes_policyversion_publish", args=[policy.pk]))
    cohort = {"programme": programme.pk, "policy": policy.pk} | COHORT
    save(client, reverse("admin:programmes_cohort_add"), cohort)
    return programme
