"""The walls: every address × role × object × method, with what must happen; and canaries in every text column."""
