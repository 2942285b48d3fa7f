"""Figures of the matching engine beside its peers: `make bench-matching`."""
