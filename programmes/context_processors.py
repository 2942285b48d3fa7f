from django.utils.functional import SimpleLazyObject

from programmes import permissions


def duties(request):
    """Which offices' doors the navigation shows; asked of the database only by a page that shows them."""
    return {
        "can_use_admin": SimpleLazyObject(lambda: permissions.can_use_admin(request.user)),
        "can_handle_concerns": SimpleLazyObject(lambda: permissions.can_handle_concerns(request.user)),
        "can_read_concern_figures": SimpleLazyObject(
            lambda: permissions.programmes_with_concern_figures(request.user).exists()
        ),
    }
