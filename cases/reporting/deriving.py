"""Whether a number that is not shown can be worked out from those that are.

A hidden number is safe if there is another world: numbers that agree with everything published,
add up everywhere, and differ in that one.  The search starts from the true numbers, changes the
hidden one by a little and mends, sum by sum, what no longer adds up.  What it finds is proof; where
it finds nothing within its budget the number counts as derivable, so it errs towards hiding.
Pure.  Source: domain 5.4 ("so none can be derived").
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

Range = tuple[int, int | None]
"""The least and the greatest a reader has to think possible; None is without end."""
Sum = tuple[str, tuple[str, ...]]
"""A total and its parts, by their keys."""
STEPS = (1, -1, 2, -2)
BUDGET = 3000
"""Changes tried for one hidden number before it is called derivable."""
MOST = 150
"""Numbers that another world may change."""


class Worlds:
    """The true numbers, what is known to add up, and what a reader knows of each number.

    ``known`` is asked anew each time, because hiding more widens it.
    """

    def __init__(
        self, truth: Mapping[str, int], sums: Iterable[Sum], known: Callable[[str], Range]
    ) -> None:
        self._truth, self._known = truth, known
        self._sums: list[Mapping[str, int]] = []
        self._of: dict[str, list[int]] = defaultdict(list)
        self._left = 0
        for total, parts in sums:
            self._add(total, parts)

    def _add(self, total: str, parts: tuple[str, ...]) -> None:
        """Keep a sum as weights that cancel out; drop one that does not hold in truth."""
        weights: dict[str, int] = defaultdict(int)
        weights[total] -= 1
        for part in parts:
            weights[part] += 1
        if sum(weight * self._truth[key] for key, weight in weights.items()):
            return
        for key in weights:
            self._of[key].append(len(self._sums))
        self._sums.append(weights)

    def beside(self, key: str) -> list[str]:
        """The other numbers in a sum with this one, in the order of the sums."""
        found = {other: None for each in self._of[key] for other in self._sums[each]}
        found.pop(key, None)
        return list(found)

    def another(self, key: str) -> set[str]:
        """The numbers that differ in another world where this one does; none if there is none."""
        self._left = BUDGET
        for step in STEPS:
            changes = {key: step}
            if self._possible(key, step) and self._mend(changes):
                return set(changes)
        return set()

    def _possible(self, key: str, step: int) -> bool:
        low, high = self._known(key)
        number = self._truth[key] + step
        return low <= number and (high is None or number <= high)

    def _mend(self, changes: dict[str, int]) -> bool:
        """Make everything add up again by changing numbers not changed yet, depth first."""
        broken = self._broken(changes)
        if broken is None:
            return True
        weights, over = broken
        if len(changes) == MOST:
            return False
        for key in sorted(weights.keys() - changes.keys(), key=self._ease):
            step, rest = divmod(-over, weights[key]) if weights[key] else (0, 1)
            if rest or not self._possible(key, step):
                continue
            self._left -= 1
            if self._left < 0:
                return False
            changes[key] = step
            if self._mend(changes):
                return True
            del changes[key]
        return False

    def _ease(self, key: str) -> tuple[int, str]:
        """Numbers in few sums first: changing them breaks little else."""
        return len(self._of[key]), key

    def _broken(self, changes: Mapping[str, int]) -> tuple[Mapping[str, int], int] | None:
        """A sum that no longer adds up, and by how much it is over."""
        for index in sorted({each for key in changes for each in self._of[key]}):
            weights = self._sums[index]
            over = sum(weights[key] * step for key, step in changes.items() if key in weights)
            if over:
                return weights, over
        return None
