from mentorship.lib.refusals import NotPossible


def members(partnership, part=None):
    rows = partnership.memberships.select_related("application__user").order_by("pk")
    return [row for row in rows if part is None or row.part == part]


def person(partnership, part="mentee"):
    return members(partnership, part)[0].application.user


def living(partnership, part, zone):
    """The person of a part, who lives in another time zone from now on."""
    user = person(partnership, part)
    user.time_zone = zone
    user.save()
    return user


def refusal(call, *args, **kwargs):
    """The sentence with which a service says no."""
    try:
        call(*args, **kwargs)
    except NotPossible as said:
        return str(said)
    raise AssertionError("Nothing was refused.")
