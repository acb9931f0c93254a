"""What is hidden in a version to share, so that nobody can be recognised, and how it then reads.

One place for page, PDF, CSV and spreadsheet (domain 5.4).  In the full numbers nothing is hidden.
In the version to share, over all tables of a report at once:

1. Counts from 1 to 4 are "fewer than 5".  A 0 is shown, unless a whole small group would be seen
   to be in one place (0, 0, 3): then every part of that line is hidden.
2. Percentages need 10 behind them, and a numerator that is 0 or at least 5: 3 % of a known 100
   would otherwise be a 3 that its own table hides.  The other side of a percentage (29 of 31 on
   time, so 2 late) may be small, as on the report's own first page: it says something about our
   work, not about who somebody is.  Rates need 5 cases and 200 homes, middles 10 lengths.
3. In a line that adds up, one hidden part takes the next smallest with it.
4. The total beside anything hidden or rounded is rounded to the nearest 5; where it stands alone
   (a line of one part says that two numbers are the same) it is exact.
5. Where groups are compared, each with all the others, and what is left for those too small to
   compare would tell how many they are, the smallest comparison is hidden as well.
6. A difference between a group and all others tells how many those are together: it is shown
   only if both percentages could be, and nothing hidden follows from it.
7. The same quantity (``Cell.id``) is shown in the same way wherever it stands; so is a rate,
   percentage or comparison in the row of a hidden count that is its own numerator or denominator,
   a percentage of the whole that a hidden count is part of, and the same number by another name.
8. Of a report made again, a number that was hidden and has not changed stays hidden, and one that
   has changed by 1 to 4 is rounded (see :mod:`cases.reporting.earlier`).
9. At last every hidden number is tried (see :mod:`cases.reporting.deriving`): while one can be
   worked out from all that is published together, more is hidden.  "Hidden" may then stand for
   any number, also one from 1 to 4.

Steps only ever hide more, so they come to an end.  Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from cases.access import YES, Answer
from cases.reporting.adding import (
    Compared,
    Line,
    atoms_of,
    compared_in,
    denominator_of,
    lines_of,
    number_of,
    size_of,
    sums_of,
    twins_of,
    values_of,
)
from cases.reporting.choices import Profile
from cases.reporting.deriving import Range, Worlds
from cases.reporting.earlier import Earlier, Then
from cases.reporting.figure_words import HIDDEN, about, fewer, in_full, too_few, with_parts
from cases.reporting.levels import LEVELS, Level, Limits, level_of, without_homes
from cases.reporting.showing import Grid, Shown
from cases.reporting.values import Count, Difference, Share, Value

__all__ = ["Limits", "differencing", "show"]
NOTHING_EARLIER = Earlier()
TRIED = 60
"""Of what could be hidden next to protect one number, so many are tried."""


def show(
    grids: Sequence[Grid],
    profile: Profile,
    limits: Limits,
    *,
    hidden: Iterable[str] = (),
    known: Iterable[str] = (),
    earlier: Earlier = NOTHING_EARLIER,
) -> dict[str, Shown]:
    """How every quantity of these tables is shown, by ``Cell.id``.

    Give all the tables of a report at once; ``earlier`` is what is shared of the same days.  Of
    another report's sake those in ``hidden`` are not given either, and a reader knows those in
    ``known``, whatever is shown here.  Raises ValueError if two cells of one id differ.
    """
    values = values_of(grids)
    if profile == Profile.INTERNAL:
        return {key: with_parts(value) for key, value in values.items()}
    hiding = _Hiding(values, grids, limits, Then(earlier, values))
    hiding.begin(hidden, known)
    hiding.settle()
    hiding.guard()
    hiding.tell_differences()
    return {key: hiding.shown(key) for key in values}


def differencing(total: int, others: Iterable[int], limits: Limits) -> Answer:
    """Whether a figure may be published beside others of nearly the same (domain 5.4).

    ``others`` are the totals, already published or about to be, of filters that hold this one or
    are held in it.  Where either is itself "fewer than 5", there is nothing to subtract.
    """
    few = range(1, limits.under)
    if total in few or not any(
        0 < abs(other - total) < limits.under for other in others if other not in few
    ):
        return YES
    return Answer(
        f"This cannot be shared: its total differs by fewer than {limits.under} from one that is "
        "shared already, and the few people in between could be recognised."
    )


class _Hiding:
    """The tables of one report, and how much of each number is given so far."""

    def __init__(
        self, values: dict[str, Value], grids: Sequence[Grid], limits: Limits, then: Then
    ) -> None:
        self._values, self._limits = {**then.values, **values}, limits
        self._lines = list(lines_of(grids))
        self._twins = list(twins_of(grids, values, self._lines))
        self._compared = list(compared_in(grids))
        cells = [cell for grid in grids for row in grid.rows for cell in row.cells]
        self._differences = [cell for cell in cells if isinstance(cell.value, Difference)]
        self._levels = {key: level_of(value, limits) for key, value in values.items()}
        self._totals = {line.total for line in self._lines}
        self._atoms = atoms_of(self._values)
        self._then = {key: LEVELS[shown.why] for key, shown in then.shown.items()}
        self._follow(then)
        self._outside: frozenset[str] = frozenset()
        self._worlds = Worlds(
            {atom: number for atom, (_, number) in self._atoms.items()},
            [*sums_of(values, self._lines), *then.sums()],
            self._known,
        )
        for others in then.compared():
            self._tell(others)

    def _follow(self, then: Then) -> None:
        """Hide what was hidden and has not changed; round what has changed by a few."""
        for key, level in self._then.items():
            if key in then.gone or level >= Level.FEW:
                self._levels[key] = max(level, self._levels.get(key, level))
        for key in then.changed:
            if then.few_more(key, self._values[key], self._limits.under):
                self._raise(key, self._rounding(key))

    def _read(self, key: str) -> Level:
        """How much a reader of both versions is given of a number."""
        return min(self._levels[key], self._then.get(key, Level.HIDDEN))

    def _can_hide(self, key: str) -> bool:
        """Whether hiding it keeps anything from a reader who knows what is shared already."""
        level = self._levels[key]
        return level < Level.HIDDEN and level < self._then.get(key, Level.HIDDEN)

    def begin(self, hidden: Iterable[str], known: Iterable[str]) -> None:
        """Hide what other reports ask for; nothing rests on what they tell."""
        self._outside = frozenset(known)
        for key in hidden:
            if self._levels.get(key, Level.FEW) < Level.FEW:
                self._levels[key] = Level.HIDDEN

    def shown(self, key: str) -> Shown:
        """How a quantity reads."""
        value, level = self._values[key], self._levels[key]
        if without_homes(value):
            return in_full(value)
        match level:
            case Level.EXACT:
                return in_full(value)
            case Level.ROUNDED:
                return about(self._round(number_of(value)))
            case Level.FEW if isinstance(value, Count):
                return fewer(self._limits.under)
            case Level.FEW:
                return too_few(value)
        return HIDDEN

    def settle(self) -> None:
        """Apply the rules of a line, and of twins, until nothing more has to be hidden."""
        before = -1
        while before != (before := sum(self._levels.values())):
            for line in self._lines:
                self._settle(line)
            for groups in self._compared:
                self._compare(groups)
            for count, twin in self._twins:
                if self._levels[count] == Level.HIDDEN and self._levels[twin] < Level.FEW:
                    self._raise(twin, Level.HIDDEN)

    def guard(self) -> None:
        """Hide more until nothing hidden can be worked out."""
        safe: set[str] = set()
        while True:
            for atom in self._secrets():
                if atom not in safe:
                    safe |= self._worlds.another(atom)
                if atom not in safe:
                    self._loosen(atom)
                    self.settle()
                    break
            else:
                return

    def tell_differences(self) -> None:
        """Show of the differences between groups those that tell nothing of what is hidden: each
        tells how many of the others there are together.
        """
        for cell in self._differences:
            if self._levels[cell.id] == Level.FEW:
                continue
            own, *others = cell.made_of
            assert isinstance(cell.value, Difference)
            if self._levels[own] != Level.EXACT or self._is_few(cell.value.others_number):
                continue
            if all(self._levels[other] == Level.EXACT for other in others) or self._tells_none(
                others
            ):
                self._levels[cell.id] = Level.EXACT

    def _tells_none(self, others: Sequence[str]) -> bool:
        """Whether nothing hidden can be worked out, also by who knows what these come to."""
        self._tell(others)
        if all(self._worlds.another(atom) for atom in self._secrets()):
            return True
        self._worlds.take_back(2)
        return False

    def _tell(self, others: Sequence[str]) -> None:
        shares = [key for key in others if key in self._atoms]
        self._worlds.tell(shares, [denominator_of(key) for key in shares])

    def _is_few(self, number: int) -> bool:
        return 0 < number < self._limits.under

    def _raise(self, key: str, level: Level) -> None:
        self._levels[key] = max(self._levels[key], level)

    def _settle(self, line: Line) -> None:
        """One line: all of a small group in one place, a hidden part alone, the total."""
        values, levels = self._values, self._levels
        some = [key for key in line.parts if number_of(values[key])]
        if self._gives_away(line, some):
            for key in line.parts:
                self._raise(key, Level.HIDDEN)
        visible = [key for key in some if self._read(key) < Level.FEW and self._can_hide(key)]
        if sum(self._read(key) >= Level.FEW for key in line.parts) == 1 and visible:
            self._raise(min(visible, key=lambda key: size_of(values[key])), Level.HIDDEN)
        total = line.total
        if total is None or levels[total] or not isinstance(values[total], Count):
            return
        if len(line.parts) > 1 and any(levels[key] for key in line.parts):
            self._raise(total, self._rounding(total))

    def _compare(self, groups: Compared) -> None:
        """Of groups compared, leave out so many that nothing is known of the others' numbers."""
        given = [(harmed, key) for key, harmed in groups.ratios if not self._levels[key]]
        hidden = len(groups.ratios) - len(given)
        left = groups.known - sum(harmed for harmed, _ in given)
        few = self._limits.under - 1
        as_many_as_can_be = not hidden and left == few * groups.without > few
        if given and (groups.without or hidden) and (0 < left <= few or as_many_as_can_be):
            self._raise(min(given)[1], Level.HIDDEN)

    def _gives_away(self, line: Line, some: Sequence[str]) -> bool:
        """Whether zeros show that everybody of a small group is in the one other place."""
        if len(some) != 1 or len(line.parts) == 1:
            return False
        value = self._values[some[0]]
        return isinstance(value, Count) and value.number < self._limits.under

    def _rounding(self, total: str) -> Level:
        """Rounded; or hidden, where it would round to nothing."""
        number = number_of(self._values[total])
        if not number:
            return Level.EXACT
        return Level.ROUNDED if self._round(number) else Level.HIDDEN

    def _round(self, number: int) -> int:
        """To the nearest; halves up."""
        to = max(self._limits.round_to, 1)
        return (2 * number + to) // (2 * to) * to

    def _secrets(self) -> list[str]:
        """The numbers that must not be worked out."""
        return [
            atom
            for atom, (key, _) in self._atoms.items()
            if self._read(key) >= Level.FEW and self._is_secret(atom, key)
        ]

    def _is_secret(self, atom: str, key: str) -> bool:
        """Of a percentage its numerator, and its denominator if that is what is too few."""
        value = self._values[key]
        if key in self._outside:
            return False
        if isinstance(value, Share) and atom != key:
            few = self._read(key) == Level.FEW and value.of < self._limits.percent_from
            return atom == denominator_of(key) and few
        return True

    def _known(self, atom: str) -> Range:
        """What a reader has to think possible of a number: at most that.

        A reader may know a rounded total from elsewhere: rounding is a courtesy to the hidden,
        not what they rest on.  And that "hidden" is not from 1 to 4 where it is not.
        """
        key, number = self._atoms[atom]
        value, level, limits = self._values[key], self._read(key), self._limits
        if isinstance(value, Share):
            return self._known_of_share(atom, key, value)
        if without_homes(value):
            return 0, None
        if level <= Level.ROUNDED or key in self._outside:
            return number, number
        floor = limits.under if isinstance(value, Count) else limits.rate_from
        if level == Level.FEW and 0 < number < floor:
            return 1, floor - 1
        return (floor if number >= floor else 0), None

    def _known_of_share(self, atom: str, key: str, value: Share) -> Range:
        """The same of a numerator, a denominator, and the rest between them.

        A denominator that is enough is no secret: it may stand elsewhere.
        """
        level, limits = self._read(key), self._limits
        number = self._atoms[atom][1]
        enough = value.of >= limits.percent_from
        if level == Level.EXACT or (enough and atom == denominator_of(key)):
            return number, number
        if level == Level.FEW and not enough:
            return (1 if atom == denominator_of(key) else 0), limits.percent_from - 1
        if atom != key or not enough:
            return 0, None
        if level == Level.FEW:
            return 1, limits.under - 1
        return (limits.under if number >= limits.under else 0), None

    def _loosen(self, atom: str) -> None:
        """Hide one thing more, so that this number can no longer be worked out.

        The first that is enough by itself; else the first of all, and the guard comes again.
        Totals come last: they may be known from elsewhere, and are what is read most.
        """
        choices = list(islice(self._choices(atom), TRIED))
        choices = [key for key in choices if key not in self._totals] or choices
        for key in choices:
            before, self._levels[key] = self._levels[key], Level.HIDDEN
            if self._worlds.another(atom):
                return
            self._levels[key] = before
        if not choices:
            assert self._outside or self._then, f"{atom} is hidden, as all it adds up with"
            self._outside |= {self._atoms[atom][0]}  # what is known from outside tells it
            return
        self._raise(choices[0], Level.HIDDEN)

    def _choices(self, atom: str) -> Iterator[str]:
        """What could be hidden next: what is in a sum with it first, then what is with those."""
        seen, ring = {atom: None}, [atom]
        while ring:
            ring = [other for one in ring for other in self._worlds.beside(one)]
            ring = [other for other in dict.fromkeys(ring) if other not in seen]
            seen.update(dict.fromkeys(ring))
            keys = dict.fromkeys(self._atoms[other][0] for other in (*ring, atom))
            open_ = [key for key in keys if self._can_hide(key)]
            yield from sorted(open_, key=self._loss)

    def _loss(self, key: str) -> tuple[int, tuple[int, int]]:
        """What is lost least goes first: small parts, what is said of the few, zeros, totals."""
        level, size = self._levels[key], size_of(self._values[key])
        if level == Level.FEW:
            return 1, size
        if key in self._totals:
            return 3, size
        return (0 if size[0] else 2), size
