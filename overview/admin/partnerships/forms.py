from meetings.forms import LogMeetingForm

_LABELS = {
    "held_on": "When did they meet?",
    "format": "How did they meet?",
    "is_official": "It was one of their official meetings",
    "frequency": "How often will they be in touch between meetings?",
}


class LogForThemForm(LogMeetingForm):
    """The form of the people themselves, in words for who notes it in their place.

    What the two agreed on the office may not know (EI-1c), and nobody is taken to have been there.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, label in _LABELS.items():
            if name in self.fields:
                self.fields[name].label = label
        if "frequency" in self.fields:
            self.fields[
                "frequency"
            ].help_text = "If they told you what they have agreed. They can change it later."
            self.fields["frequency"].required = False
        self.initial.pop("attendees", None)
