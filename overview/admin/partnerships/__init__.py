"""Who is with whom, whether they meet, and what the office does about it (BM-5, BM-11)."""

from overview.admin.partnerships.listing import PartnershipAdmin

__all__ = ["PartnershipAdmin"]
