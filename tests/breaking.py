"""Rows that can't be kept, to see what they hold back."""

from contextlib import contextmanager

from django.db.models.signals import pre_save


@contextmanager
def breaks(model, **facts):
    """Meanwhile no row of a model with these facts can be saved."""

    def refuse(sender, instance, **kwargs):
        if all(getattr(instance, name) == value for name, value in facts.items()):
            raise ValueError(f"{sender.__name__} with {facts} can't be saved.")

    pre_save.connect(refuse, sender=model)
    try:
        yield
    finally:
        pre_save.disconnect(refuse, sender=model)
