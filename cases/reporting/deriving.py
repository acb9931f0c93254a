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
        weights = {key: weight for key, weight in weights.items() if weight}
        for key in weights:
            self._of[key].append(len(self._sums))
        self._sums.append(weights)

    def tell(self, *sums: Iterable[str]) -> None:
        """Let a reader know how much some numbers come to together."""
        for parts in sums:
            weights = dict.fromkeys(parts, 1)
            for key in weights:
                self._of[key].append(len(self._sums))
            self._sums.append(weights)

    def take_back(self, count: int) -> None:
        """Forget the last so many that were told."""
        for weights in reversed(self._sums[len(self._sums) - count :]):
            for key in weights:
                self._of[key].pop()
        del self._sums[len(self._sums) - count :]

    def beside(self, key: str) -> list[str]:
        """The other numbers in a sum with this one, in the order of the sums."""
        found = {other: None for each in self._of[key] for other in self._sums[each]}
        found.pop(key, None)
        return list(found)

    def another(self, key: str) -> set[str]:
        """The numbers that differ in another world where this one does; none if there is none."""
        self._left = BUDGET
        for step in STEPS:
            if not self._possible(key, step):
                continue
            changes, over = {key: step}, self._after({}, key, step)
            if self._mend(changes, over):
                return set(changes)
        return set()

    def _possible(self, key: str, step: int) -> bool:
        low, high = self._known(key)
        number = self._truth[key] + step
        return low <= number and (high is None or number <= high)

    def _mend(self, changes: dict[str, int], over: Mapping[int, int]) -> bool:
        """Make everything add up again by changing numbers not changed yet, depth first.

        ``over`` says by how much each sum is too great.  What leaves fewest wrong is tried first.
        """
        if not over:
            return True
        if len(changes) == MOST:
            return False
        for key, step, after in self._ways(min(over), changes, over):
            self._left -= 1
            if self._left < 0:
                return False
            changes[key] = step
            if self._mend(changes, after):
                return True
            del changes[key]
        return False

    def _ways(
        self, index: int, changes: Mapping[str, int], over: Mapping[int, int]
    ) -> list[tuple[str, int, Mapping[int, int]]]:
        """Every single change that mends one sum, with what is then wrong elsewhere."""
        found = []
        for key, weight in self._sums[index].items():
            if key in changes or over[index] % weight:
                continue
            step = -over[index] // weight
            if self._possible(key, step):
                found.append((key, step, self._after(over, key, step)))
        return sorted(found, key=lambda way: (len(way[2]), way[0]))

    def _after(self, over: Mapping[int, int], key: str, step: int) -> dict[int, int]:
        """What is wrong once a number was changed."""
        after = dict(over)
        for index in self._of[key]:
            wrong = after.pop(index, 0) + self._sums[index][key] * step
            if wrong:
                after[index] = wrong
        return after
