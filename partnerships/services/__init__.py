"""Begin, pause and end partnerships. All that follows (places, disclosures, messages) is in the same transaction."""

from partnerships.services.ending import end
from partnerships.services.introducing import introduce, join
from partnerships.services.places import room_declared
from partnerships.services.readiness import why_not_ready

__all__ = ["end", "introduce", "join", "room_declared", "why_not_ready"]
