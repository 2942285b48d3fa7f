from functools import partial

from django.http import Http404
from django.urls import path, reverse
from django.views.decorators.http import require_http_methods

from overview.admin.asking import AskMixin
from overview.admin.verbs import VERBS
from overview.queries.standing import own_partnerships


class VerbsMixin(AskMixin):
    """For the admin of partnerships: pause, resume, end and what circles need, without waiting for a flag (EI-6a)."""

    def get_urls(self):
        methods = require_http_methods(["GET", "POST"])
        own = [
            path(
                f"<int:pk>/{verb.name.replace('_', '-')}/",
                self.admin_site.admin_view(methods(partial(self.verb_view, verb=verb))),
                name=verb.partnership_route.partition(":")[2],
            )
            for verb in VERBS
            if not verb.needs_flag
        ]
        return own + super().get_urls()

    def verb_view(self, request, pk, *, verb):
        """One's own partnership is a colleague's to look after, and is found nowhere here."""
        others = self.get_queryset(request).exclude(pk__in=own_partnerships(request.user))
        partnership = others.filter(pk=pk).first()
        if partnership is None:
            raise Http404
        page = reverse("admin:partnerships_partnership_change", args=[pk])
        people = self.people(partnership)
        people = f"{partnership.name}: {people}" if partnership.name else people
        return self.ask(request, verb, partnership=partnership, people=people, page=page)
