"""Who is who in a partnership, for tests."""


def member(partnership, part="mentee", number=0):
    """One membership with its application and user."""
    rows = partnership.memberships.filter(part=part)
    return rows.select_related("application__user", "partnership").order_by("pk")[number]


def user(partnership, part="mentee", number=0):
    return member(partnership, part, number).application.user


def names_and_addresses(partnership, but):
    """Names and addresses of everybody else who was ever there."""
    rows = partnership.memberships.exclude(application__user=but).select_related("application__user")
    return [said for row in rows for said in (row.application.user.name, row.application.user.email)]
