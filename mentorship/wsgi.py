"""What gunicorn serves."""

import os
import re

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mentorship.settings")
_CHARSET = re.compile(r";\s*charset=[^;]*", re.IGNORECASE)
_serve = get_wsgi_application()


def application(environ, start_response):
    """Everything is read as UTF-8: Django fails over some other encodings that a sender may name (`hex`, `rot13`)."""
    environ["CONTENT_TYPE"] = _CHARSET.sub("", environ.get("CONTENT_TYPE", ""))
    return _serve(environ, start_response)
