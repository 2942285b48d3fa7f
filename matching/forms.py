from django import forms

from programmes.models import Pathway


class RunForm(forms.Form):
    """What to match: a cohort, and both pathways in one run unless one is chosen."""

    cohort = forms.ModelChoiceField(queryset=None, empty_label=None)
    pathway = forms.ChoiceField(
        choices=[("", "All pathways in one run"), *Pathway.Kind.choices],
        required=False,
    )
    seed = forms.IntegerField(
        min_value=0,
        max_value=2**31 - 1,
        required=False,
        label="Lot",
        help_text="Decides between equally good results: the same number, the same result. Leave it, or try another.",
    )

    def __init__(self, *args, cohorts, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["cohort"].queryset = cohorts.select_related("programme")

    def clean_seed(self):
        return self.cleaned_data["seed"] or 0
