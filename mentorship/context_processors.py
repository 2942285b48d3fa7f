from django.conf import settings


def site(request):
    """What every page may show: whether this is the rehearsal, and where to ring in an emergency."""
    return {"is_example": settings.EXAMPLE, "security_phone": settings.EMERGENCY_SECURITY_PHONE}
