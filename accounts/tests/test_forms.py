from django import forms
from django.conf import settings
from django.utils.module_loading import import_string

from accounts.forms import LoginForm, RequestLoginCodeForm


def test_every_form_of_the_package_is_one_in_our_words():
    paths = settings.ACCOUNT_FORMS.values()

    assert [path for path in paths if not issubclass(import_string(path), forms.Form)] == []
    assert {path.rpartition(".")[0] for path in paths} == {"accounts.forms"}


def test_an_address_is_called_as_on_the_rest_of_the_site():
    assert LoginForm().fields["login"].label == "E-mail address"


def test_a_label_stands_above_its_field_and_not_in_it():
    fields = LoginForm().fields.values()

    assert [
        field.widget.attrs["placeholder"] for field in fields if "placeholder" in field.widget.attrs
    ] == []


def test_a_wrong_address_is_answered_with_what_a_right_one_looks_like():
    form = RequestLoginCodeForm({"email": "nobody at home"})

    assert form.errors["email"] == ["Please type an address such as name@example.org."]
