"""Rules and weights of a pathway as a form: switches, and a scale of five words for each part of the fit."""

from django import forms

from matching.criteria import RULES, Criteria
from matching.parts import OF_PART, OF_RULE
from programmes.models import Pathway, Weight

SENTENCES = {
    "forbids_line_management": "Keep people apart from whoever is in their line of management.",
    "forbids_same_manager": "Keep people apart who have the same line manager.",
    "forbids_same_division": "Keep people of one division apart.",
    "forbids_former_partners": "Don’t suggest people again who have been together before.",
}
OBJECTIVES = [
    (Pathway.Objective.TOTAL, "The best fit in all: the sum of all fits is as large as can be."),
    (Pathway.Objective.FAIREST, "The fairest: the weakest match is as good as can be, then the sum."),
]


class CriteriaForm(forms.Form):
    """One pathway. Rules and parts that the programme asks nothing for are left out, unless they are set."""

    objective = forms.ChoiceField(
        label="What decides, once as many people as possible are placed",
        choices=OBJECTIVES,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args, pathway, criteria, asked, **kwargs):
        initial = {"objective": criteria.objective} | {rule: getattr(criteria, rule) for rule in RULES}
        initial |= {part: criteria.weights.get(part, 0) for part in Weight.Part.values}
        super().__init__(*args, prefix=pathway.kind, initial=initial, label_suffix="", **kwargs)
        self.pathway = pathway
        shown = [criteria, Criteria.of(pathway)]
        self.rules = [
            rule for rule in RULES if _is_asked(rule, asked) or any(getattr(c, rule) for c in shown)
        ]
        self.parts = [
            part
            for part, source in OF_PART.items()
            if source.is_asked(asked) or any(c.weights.get(part) for c in shown)
        ]
        self.fields |= {rule: self._switch(rule) for rule in self.rules}
        self.fields |= {part.value: self._scale(part) for part in self.parts}

    @staticmethod
    def _switch(rule):
        return forms.BooleanField(label=SENTENCES[rule], required=False)

    @staticmethod
    def _scale(part):
        return forms.TypedChoiceField(
            label=part.label,
            choices=Weight.Strength.choices,
            coerce=int,
            widget=forms.RadioSelect,
            error_messages={"required": "Please choose how much this counts."},
        )

    def clean(self):
        cleaned = super().clean()
        if not self.errors and not any(cleaned[part] for part in self.parts):
            raise forms.ValidationError(
                "At least one part must count: without any, every match would be as good as another."
            )
        return cleaned

    def criteria(self):
        """What was chosen; rules and parts that aren't offered are off."""
        chosen = {rule: self.cleaned_data.get(rule, False) for rule in RULES}
        weights = {part.value: self.cleaned_data[part] for part in self.parts}
        return Criteria(weights=weights, objective=self.cleaned_data["objective"], **chosen)

    # For the template

    def switches(self):
        return [self[rule] for rule in self.rules]

    def scales(self):
        return [self[part] for part in self.parts]


def _is_asked(rule, asked):
    """Former partners are known without an answer."""
    return rule not in OF_RULE or OF_RULE[rule].is_asked(asked)
