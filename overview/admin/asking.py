"""Asking once more before a verb is carried out: the page of the flag or of the partnership that it starts from."""

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone

from mentorship.lib.refusals import NotPossible


class AskMixin:
    """For an admin whose rows are partnerships, or lead to one."""

    def ask(self, request, verb, *, partnership, people, page, flag=None):
        """Show what the verb does and ask; its button calls the verb's one service. `page` is where one came from."""
        if not verb.fits(partnership, flag):
            messages.info(request, "That has been done meanwhile, or isn’t possible any more.")
            return HttpResponseRedirect(page)
        given = request.POST if request.method == "POST" else None
        form = verb.form(given, partnership=partnership, flag=flag)
        if form.is_valid() and self._carry_out(request, verb, form):
            return HttpResponseRedirect(page)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": verb.title,
            "verb": verb,
            "partnership": partnership,
            "people": people,
            "flag": flag,
            "page": page,
            "form": form,
        }
        return TemplateResponse(request, "admin/partnerships/verb.html", context)

    @staticmethod
    def _carry_out(request, verb, form):
        try:
            verb.act(form.partnership, form.flag, form.cleaned_data, by=request.user, at=timezone.now())
        except NotPossible as refusal:
            form.add_error(None, str(refusal))
            return False
        messages.success(request, verb.done)
        return True
