"""When who begins, gives way, and goes over to something else. docs/develop/decisions/0005 says what was measured."""

from __future__ import annotations

CLOSABLE = 0.06
"""A relative gap that branch and bound may close in reasonable time."""
HEAD_START = 0.4
"""Seconds that the main child has to itself: what it solves until then needs no mates."""
WIDE_START, CLOSE_START = 1.0, 12.0
"""The same where it has a plan and a bound: with a wide gap, with one that it may close itself."""
STRONG_HEAD_START, STRONG_CLOSE_START = 5.0, 25.0
"""The same where it may go over to a form with a strong relaxation: with a wide gap or none, with one that it may close."""
UNNAMED_START = 10.0
"""Seconds to itself with a matrix without meaning, of which mates know little."""
PATIENCE = 12.0
"""Seconds after which branch and bound on the plain matrix gives way to a closer form where the gap can be closed."""
TRIAL, TRIAL_LEAST = 0.1, 3.0
"""Share of the time, and least seconds, after which branch and bound gives way to the search where its gap is wide."""
IDLE = 6
"""Descents in a row without a gain after which a child that searches goes over to the proof, or leaves its core to it."""
POLISHING = 8.0
"""Seconds for polishing a plan, past the time limit if need be: in the child that found it, or in another one where it was lost."""
GRACE = 4.0
"""Seconds between asking a child to end and killing it while it searches."""
FINISHING = POLISHING + 5.0
"""The same while it polishes its plan. With two more to tidy up, everything is over 15 seconds past the limit."""
