"""Training as the office keeps it: dates, who has a place, who was there. Every change goes through the services."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import Count, Q
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone

from mentorship.lib.refusals import NotPossible
from programmes.admin.base import ScopedAdmin, ScopedInline, administers_something
from training import services
from training.models import Booking, Session, State


class SessionForm(forms.ModelForm):
    """What the services would refuse is said beside its field."""

    class Meta:
        help_texts = {
            "kind": "Where mentors of a pathway train first, a session of the pathway’s kind counts for it.",
            "place": "A room, or the address of a call. An address is shown to those alone who have a place.",
            "places": "Whoever comes after the last one waits, and moves up when somebody gives up theirs.",
        }

    def clean(self):
        facts = super().clean()
        if self.errors or not set(services.FACTS) <= set(facts):
            return facts
        cohort = facts["cohort"].pk if "cohort" in facts else self.instance.cohort_id  # fixed once it is set
        chosen = {fact: facts[fact] for fact in services.FACTS}
        wished = Session(pk=self.instance.pk, cohort_id=cohort, **chosen)
        for field, sentence in services.faults(wished, at=timezone.now()).items():
            self.add_error(field, sentence)
        return facts


class AttendanceForm(forms.ModelForm):
    """Was this person there? Open for who had a place, and never for the reader's own row."""

    reader_pk = None
    has_attended = forms.NullBooleanField(
        label="Was there",
        required=False,
        widget=forms.Select(choices=[("", "Not recorded"), ("true", "Yes"), ("false", "No")]),
    )

    class Meta:
        model = Booking
        fields = ["has_attended"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        field, booking = self.fields["has_attended"], self.instance
        if booking.pk:
            field.disabled = booking.state != State.BOOKED or booking.application.user_id == self.reader_pk
            field.widget.attrs["aria-label"] = f"Was {booking.application.user.name} there?"
            self.initial["has_attended"] = {True: "true", False: "false"}.get(booking.has_attended, "")


class BookingInline(ScopedInline):
    """Who has a place and who waits, in turn. Places are the people's own to take and to give up."""

    model = Booking
    form = AttendanceForm
    verbose_name_plural = "who has a place, who waits"
    extra = 0
    fields = ["person", "role", "state", "asked_at", "has_attended"]
    readonly_fields = ["person", "role", "state", "asked_at"]

    def get_queryset(self, request):
        standing = super().get_queryset(request).standing()
        return standing.select_related("application__user").order_by("state", "asked_at", "pk")

    def get_readonly_fields(self, request, obj=None):
        """Attendance opens when the session begins."""
        fields = super().get_readonly_fields(request, obj)
        has_begun = obj is not None and obj.starts_at <= timezone.now()
        return fields if has_begun else [*fields, "has_attended"]

    def get_formset(self, request, obj=None, **kwargs):
        own = type("OwnAttendanceForm", (self.form,), {"reader_pk": request.user.pk})
        return super().get_formset(request, obj, form=own, **kwargs)

    def has_add_permission(self, request, obj=None):
        return False

    @admin.display(description="person")
    def person(self, booking):
        return booking.application.user.name

    @admin.display(description="role")
    def role(self, booking):
        return booking.application.get_role_display()


@admin.register(Session)
class SessionAdmin(ScopedAdmin):
    form = SessionForm
    view_on_site = False
    change_form_template = "admin/training/session.html"
    list_display = ["title", "cohort", "starts_at", "taken", "waiting", "stands"]
    list_filter = ["cohort", "kind"]
    list_select_related = ["cohort__programme"]
    search_fields = ["title", "place"]
    ordering = ["-starts_at", "-pk"]
    fieldsets = [
        (None, {"fields": ["cohort", "kind", "title", "role"]}),
        (
            "When and where",
            {
                "fields": ["starts_at", "minutes", "place", "places"],
                "description": "By the clock in London; everybody reads it by their own. Whoever has a place is told"
                " of a new time, length or place.",
            },
        ),
    ]
    inlines = [BookingInline]
    actions = ["record_everybody", "call_off"]

    def get_queryset(self, request):
        counts = {
            "booked_count": Count("bookings", filter=Q(bookings__state=State.BOOKED)),
            "waiting_count": Count("bookings", filter=Q(bookings__state=State.WAITING)),
        }
        return super().get_queryset(request).select_related("cohort__programme").annotate(**counts)

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or obj.cancelled_at is None:
            return fieldsets
        return [*fieldsets, ("Called off", {"fields": ["cancelled_at"]})]

    def get_readonly_fields(self, request, obj=None):
        return (*super().get_readonly_fields(request, obj), "cancelled_at")

    def get_inlines(self, request, obj):
        return self.inlines if obj else []

    def has_change_permission(self, request, obj=None):
        """What has been called off stays as it was."""
        return super().has_change_permission(request, obj) and not (obj and obj.cancelled_at)

    def has_office_permission(self, request):
        return administers_something(request)

    def formfield_for_choice_field(self, db_field, request, **kwargs):
        field = super().formfield_for_choice_field(db_field, request, **kwargs)
        if db_field.name == "role":
            field.choices = [("", "Everybody"), *db_field.choices]
            field.help_text = ""
        return field

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "cohort":
            field.queryset = field.queryset.select_related("programme")
        return field

    @admin.display(description="places taken", ordering="booked_count")
    def taken(self, session):
        return f"{session.booked_count} of {session.places}"

    @admin.display(description="waiting", ordering="waiting_count")
    def waiting(self, session):
        return session.waiting_count

    @admin.display(description="takes place", boolean=True)
    def stands(self, session):
        return session.cancelled_at is None

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """Nothing is kept of a page that a service refuses after its form was right: somebody was faster."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except NotPossible as refusal:
            messages.error(request, str(refusal))
            return HttpResponseRedirect(request.get_full_path())

    def save_model(self, request, obj, form, change):
        verb = services.change_session if change else services.set_session
        verb(obj, by=request.user, at=timezone.now())

    def save_formset(self, request, form, formset, change):
        """Only what was changed here, so that two colleagues with the same page don't undo one another."""
        formset.save(commit=False)
        for booking, _ in formset.changed_objects:
            services.record_attendance(
                booking, by=request.user, has_attended=booking.has_attended, at=timezone.now()
            )

    @admin.action(description="Everybody with a place was there", permissions=["office"])
    def record_everybody(self, request, queryset):
        """For those of whom nothing is recorded yet."""
        recorded = 0
        unknown = Booking.objects.booked().filter(session__in=queryset.values("pk"), has_attended=None)
        for booking in unknown.select_related("application__user"):
            try:
                services.record_attendance(booking, by=request.user, has_attended=True, at=timezone.now())
                recorded += 1
            except NotPossible as refusal:
                self.message_user(request, f"{booking.application.user.name}: {refusal}", messages.WARNING)
        self.message_user(request, f"Recorded for {recorded}.", messages.SUCCESS)

    @admin.action(description="Call off…", permissions=["office"])
    def call_off(self, request, queryset):
        """Ask once more, then call each off; everybody with a place or waiting is told."""
        if "confirmed" not in request.POST:
            context = {
                **self.admin_site.each_context(request),
                "title": "Call off",
                "opts": self.opts,
                "sessions": queryset,
                "checkbox_name": ACTION_CHECKBOX_NAME,
            }
            return TemplateResponse(request, "admin/training/call_off.html", context)
        called_off = 0
        for session in queryset:
            try:
                services.call_off(session, by=request.user, at=timezone.now())
                called_off += 1
            except NotPossible as refusal:
                self.message_user(request, f"{session}: {refusal}", messages.WARNING)
        if called_off:
            self.message_user(request, f"Called off: {called_off}. Everybody is told.", messages.SUCCESS)
        return None
