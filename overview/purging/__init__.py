"""What goes when its period is over: a rule for each kind of row, in the order in which rows let go of one another.

`rule` says what a rule is, `rules` has them all; `overview.services.purging` announces and carries them out.
"""
