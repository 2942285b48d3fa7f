from django import forms

from programmes.models import Pathway


class RunForm(forms.Form):
    """What to match: a cohort, and both pathways in one run unless one is chosen."""

    cohort = forms.ModelChoiceField(queryset=None, empty_label=None)
    pathway = forms.ChoiceField(
        choices=[("", "Both pathways in one run"), *Pathway.Kind.choices],
        required=False,
    )

    def __init__(self, *args, cohorts, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["cohort"].queryset = cohorts.select_related("programme")
