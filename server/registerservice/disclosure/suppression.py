"""Which cells are not shown: those with few people, and as many others as it takes that nobody can work them out.

A cell is sensitive when `of`, `found` or `of - found` is between 1 and the threshold less 1; zero is shown. Sensitive
cells and those hidden for their sake look alike. What is hidden is audited as one system (audit.py): the bounds of each
hidden count must be at least the threshold apart. What fails is repaired by hiding more; what cannot be repaired is
refused.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from server.registerservice.disclosure.audit import Audit, Kind
from server.registerservice.disclosure.budget import Budget
from server.registerservice.disclosure.cube import Cell, Cube, Line
from server.registerservice.disclosure.earlier import Earlier
from server.registerservice.messages import StopError

THRESHOLD = 5
_ROUNDS = 200


@dataclass
class Suppression:
    """What is hidden, how much of it for its own sake, and in how many rounds of audit it was settled."""

    hidden: set[Cell]
    sensitive: set[Cell]
    rounds: int = 0


@dataclass
class _Keeper:
    cube: Cube
    threshold: int
    earlier: Earlier
    budget: Budget = field(default_factory=Budget)
    hidden: set[Cell] = field(default_factory=set)

    def settle(self) -> Suppression:
        sensitive = {cell for cell in self.cube.counts if self._sensitive(cell)}
        sensitive |= self.earlier.sensitive(self.cube, self.threshold)
        self.hidden = set(sensitive)
        self._prepare()
        for rounds in range(1, _ROUNDS):
            failing = self._failing(rounds)
            if not failing:
                return Suppression(self.hidden, sensitive, rounds)
            repaired = [self._repair(cell, kind) for cell, kind in failing]
            if not any(repaired):
                raise _refused(len(failing))
            self._prepare()
        raise _refused(0)

    def _sensitive(self, cell: Cell) -> bool:
        kinds: tuple[Kind, ...] = ("of",) if cell.reason else ("of", "found", "unfound")
        return any(0 < self.cube.value(cell, kind) < self.threshold for kind in kinds)

    def _prepare(self) -> None:
        """Before the audit: no line with hidden cells whose sum a reader knows to be less than the threshold."""
        waiting = list(self.cube.lines)
        while waiting:
            line = waiting.pop()
            for kind in line.kinds:
                if self._thin(line, kind):
                    chosen = self._chosen(line, kind)
                    if chosen is not None:
                        self.hidden.add(chosen)
                        waiting += self.cube.of_cell[chosen]

    def _thin(self, line: Line, kind: Kind) -> bool:
        """Whether the line alone tells a hidden count to within the threshold."""
        hidden = [member for member in line.members if member in self.hidden]
        if not hidden or (line.members[0] in self.hidden and len(hidden) > 1):
            return False
        return len(hidden) == 1 or sum(self._value(member, kind) for member in hidden) < self.threshold

    def _chosen(self, line: Line, kind: Kind) -> Cell | None:
        """The shown member that is best hidden: the smallest that makes the hidden sum wide enough, a zero last."""
        shown = [member for member in line.members if member not in self.hidden and member not in self.earlier.known]
        shown = [member for member in shown if self._value(member, "of")] or shown
        if not shown:
            return None
        hidden = sum(self._value(member, kind) for member in line.members if member in self.hidden)
        need = max(self.threshold - hidden, 1)
        enough = [member for member in shown if self._value(member, kind) >= need]
        if enough:
            return min(enough, key=lambda member: (self._value(member, "of"), member))
        return max(shown, key=lambda member: (self._value(member, kind), member))

    def _value(self, cell: Cell, kind: Kind) -> int:
        return self.cube.counts[cell].of if cell.reason else self.cube.value(cell, kind)

    def _failing(self, rounds: int) -> list[tuple[Cell, Kind]]:
        """Hidden counts that a reader could bound too closely, from this result or beside the earlier ones."""
        kept = [(cell, quantity) for cell in sorted(self.hidden) for quantity in self.cube.quantities(cell)]
        equations = [*self.cube.equations(self.hidden), *self.cube.equations_of(self.earlier.known & self.hidden)]
        quantities = [quantity for _, quantity in kept]
        audit = Audit(self.cube.size, equations)
        narrow = audit.narrow(quantities, self.threshold, lambda done, of: self.budget.step(rounds, done, of))
        found = [(kept[place][0], kept[place][1].kind) for place in narrow]
        return found + self.earlier.differences(self.cube, self.hidden, self.threshold)

    def _repair(self, cell: Cell, kind: Kind) -> bool:
        """Hide one more cell, in a line with this one or with a hidden neighbour; whether there was any left."""
        seen, near = {cell}, [cell]
        while near:
            lines = [line for member in near for line in self.cube.of_cell[member] if kind in line.kinds]
            chosen = [found for found in (self._chosen(line, kind) for line in lines) if found is not None]
            if chosen:
                self.hidden.add(min(chosen, key=lambda found: (self._value(found, "of"), found)))
                return True
            near = list(dict.fromkeys(member for line in lines for member in line.members if member not in seen))
            seen.update(near)
        return False


def suppress(
    cube: Cube, threshold: int = THRESHOLD, earlier: Earlier | None = None, budget: Budget | None = None
) -> Suppression:
    """What of a cube is not shown; stops when no suppression keeps every hidden count at least `threshold` wide, or
    when the time for the audit is out.
    """
    return _Keeper(cube, threshold, earlier or Earlier(), budget or Budget()).settle()


def _refused(number: int) -> StopError:
    return StopError(
        f"Resultatet lämnas inte ut: {number} dolda antal kan räknas fram hur mycket som än döljs. Dela upp grövre, "
        "eller ta en längre period.",
        f"The result is not given: {number} hidden counts can be worked out however much is hidden. Divide more "
        "coarsely, or take a longer period.",
    )
