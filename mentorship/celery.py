"""The Celery application: `celery --app mentorship worker`."""

import os

from celery import Celery

from mentorship.lib import folder_broker

folder_broker.register()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mentorship.settings")
app = Celery("mentorship")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
