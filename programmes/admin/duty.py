from django import forms
from django.contrib import admin
from django.utils import timezone
from django.utils.decorators import method_decorator

from accounts.models import User
from accounts.proofs import step_up
from programmes import services
from programmes.admin.base import ScopedAdmin
from programmes.models import Duty
from programmes.queries import short_of_handlers


class DutyForm(forms.ModelForm):
    """Who is named by their address, so that no page lists everybody."""

    email = forms.EmailField(label="Their e-mail address", help_text="They need an account already.")

    class Meta:
        model = Duty
        fields = ["programme", "kind"]

    def clean_email(self):
        address = self.cleaned_data["email"]
        self.person = User.objects.filter(email__iexact=address, is_active=True).first()
        if self.person is None:
            raise forms.ValidationError("Nobody signs in with this address.")
        return address

    def clean(self):
        answers = super().clean()
        person = getattr(self, "person", None)
        if person and Duty.objects.filter(
            user=person, programme=answers.get("programme"), kind=answers.get("kind")
        ):
            raise forms.ValidationError("They have this duty already.")
        return answers


@admin.register(Duty)
@method_decorator(step_up, name="add_view")
@method_decorator(step_up, name="delete_view")
@method_decorator(step_up, name="response_action")
class DutyAdmin(ScopedAdmin):
    """Given and taken away by superusers; never changed, so that the history says who had what."""

    form = DutyForm
    list_display = ["user", "programme", "kind"]
    list_filter = ["programme", "kind"]
    list_select_related = ["user", "programme"]
    search_fields = ["user__name", "user__email"]

    def get_fields(self, request, obj=None):
        return ["user", "programme", "kind"] if obj else ["email", "programme", "kind"]

    def has_module_permission(self, request):
        return request.user.is_superuser

    def has_view_permission(self, request, obj=None):
        return request.user.is_superuser

    def has_add_permission(self, request, obj=None):
        return request.user.is_superuser

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return request.user.is_superuser

    def save_model(self, request, obj, form, change):
        duty = services.give_duty(
            user=form.person, programme=obj.programme, kind=obj.kind, by=request.user, at=timezone.now()
        )
        obj.pk, obj.user = duty.pk, duty.user

    def delete_model(self, request, obj):
        services.take_duty(obj, by=request.user, at=timezone.now())

    def delete_queryset(self, request, queryset):
        """One by one, so that each is told of."""
        for duty in queryset.select_related("user", "programme").order_by("pk"):
            services.take_duty(duty, by=request.user, at=timezone.now())

    def changelist_view(self, request, extra_context=None):
        lacking = short_of_handlers() if request.user.is_superuser else []
        return super().changelist_view(request, {"short_of_handlers": lacking, **(extra_context or {})})
