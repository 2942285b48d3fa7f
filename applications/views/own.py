"""What the pages about one's own application begin with."""

from applications import previews
from applications.models import Application
from applications.services.accepting import newest_guidance


def own_applications(user):
    rows = Application.objects.of(user).with_card_facts().with_introduction()
    return rows.select_related("cohort__programme", "cohort__policy__programme")


def shown(application):
    """What these pages show of an application: the texts in force, the person's answers, what a partner would see."""
    cohort = application.cohort
    return {
        "application": application,
        "programme": cohort.programme,
        "cohort": cohort,
        "policy": cohort.policy,
        "guidance": newest_guidance(cohort.programme),
        "commitments": cohort.programme.commitments.filter(role=application.role),
        "answers": previews.answers(application),
        "cards": previews.cards(application),
        "outsiders": previews.kept_from_partners(application),
    }
