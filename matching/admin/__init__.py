from matching.admin import runs  # noqa: F401
